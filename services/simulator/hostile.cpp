#include "services/simulator/hostile.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <functional>

#include "services/simulator/progress.h"
#include "services/simulator/random.h"
#include "services/simulator/sender.h"

namespace ioc::simulator {
namespace {

constexpr std::string_view kJson = "application/json", kNdjson = "application/x-ndjson";
constexpr std::size_t kShownMax = 20;

// What an attack may be answered with. Never 5xx but 503 (which says: later).
enum class Expect { Refused, Accepted, SameIdAsBefore, AnyButFailure };

struct Attack {
  std::string_view name;
  std::string path;
  std::string body;
  std::string_view media = kJson;
  Expect expect = Expect::Refused;
};

std::string an_hour_ago() {
  static const std::string text = format_time(wall_now() - Millis(3'600'000));
  return text;
}

std::string report(Random& random, std::string_view member_to_add = {}) {
  return fmt::format(R"({{"report_id":"X-{:016x}","text":"Nắp cống vỡ trước chợ","occurred_at":"{}"{}}})", random.next(),
                     an_hour_ago(), member_to_add);
}

std::string noise(Random& random, std::size_t bytes) {
  std::string out(bytes, ' ');
  for (char& c : out) c = static_cast<char>(random.below(256));
  return out;
}

std::string nested(std::size_t depth) {
  return R"({"text":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

void add_malformed(Random& random, std::vector<Attack>& all) {
  const std::string good = report(random);
  all.push_back({"truncated JSON", "/v1/reports", good.substr(0, static_cast<std::size_t>(random.between(1, static_cast<std::int64_t>(good.size()) - 1)))});
  all.push_back({"noise", "/v1/reports", noise(random, 300)});
  all.push_back({"empty body", "/v1/reports", ""});
  all.push_back({"a number instead of an object", "/v1/reports", "42"});
  all.push_back({"a list instead of an object", "/v1/reports", "[" + good + "]"});
  all.push_back({"two objects", "/v1/reports", good + good});
  all.push_back({"a thousand levels", "/v1/reports", nested(1000)});
  all.push_back({"invalid UTF-8", "/v1/reports", R"({"text":")" + std::string("\xC3\x28\xFF\xFE") + R"("})", kJson, Expect::AnyButFailure});
  all.push_back({"half a surrogate", "/v1/reports", R"({"text":"\ud800 nửa ký tự"})", kJson, Expect::Accepted});
  all.push_back({"a NUL byte inside", "/v1/reports", std::string("{\"text\":\"a\0b\"}", 14)});
  all.push_back({"a byte order mark first", "/v1/reports", "\xEF\xBB\xBF" + good, kJson, Expect::AnyButFailure});
}

void add_wrong(Random& random, std::vector<Attack>& all) {
  all.push_back({"no text and no title", "/v1/reports", R"({"report_id":"X","category":"ha-tang"})"});
  all.push_back({"text is a number", "/v1/reports", R"({"text":17})", kJson, Expect::Accepted});
  all.push_back({"text is an object", "/v1/reports", R"({"text":{"a":1}})"});
  all.push_back({"a field twice", "/v1/reports", R"({"text":"một","text":"hai"})", kJson, Expect::AnyButFailure});
  all.push_back({"media is a text", "/v1/reports", report(random, R"(,"media":"photo.jpg")"), kJson, Expect::Accepted});
  all.push_back({"position out of the world", "/v1/reports", report(random, R"(,"position":{"lat":912,"lon":-4000})"), kJson, Expect::Accepted});
  all.push_back({"position is null", "/v1/reports", report(random, R"(,"position":null)"), kJson, Expect::Accepted});
  all.push_back({"position is a text", "/v1/reports", report(random, R"(,"position":"21.5, 105.8")"), kJson, Expect::Accepted});
  all.push_back({"a number that is too large", "/v1/reports", report(random, R"(,"position":{"lat":1e999,"lon":105})"), kJson, Expect::Accepted});
  all.push_back({"an alert without camera", "/v1/camera-alerts", R"({"alert_id":"a","kind":"crowd","state":"start"})"});
  all.push_back({"an alert in no known state", "/v1/camera-alerts", fmt::format(R"({{"alert_id":"a","camera":"c","kind":"crowd","state":"paused","at":"{}"}})", an_hour_ago()), kJson, Expect::Accepted});
  all.push_back({"a passage without checkpoint", "/v1/checkpoints/passages", R"({"passage_id":"p","result":"pass"})"});
  all.push_back({"a status with a negative queue", "/v1/checkpoints/status", fmt::format(R"({{"checkpoint":"CK01","at":"{}","state":"open","queue_vehicles":-5}})", an_hour_ago()), kJson, Expect::Accepted});
  all.push_back({"an indicator without value", "/v1/indicators", R"({"code":"files_online_share","unit":"19"})"});
}

void add_transport(Random& random, std::vector<Attack>& all) {
  all.push_back({"an unknown feed", "/v1/weather-balloons", report(random)});
  all.push_back({"an image", "/v1/reports", noise(random, 500), "image/jpeg"});
  all.push_back({"no media type", "/v1/reports", report(random), "", Expect::AnyButFailure});
  all.push_back({"twenty megabytes", "/v1/reports", R"({"text":")" + std::string(20 << 20, 'x') + R"("})"});
  all.push_back({"a text of two megabytes", "/v1/reports", R"({"text":")" + std::string(2 << 20, 'x') + R"("})", kJson, Expect::AnyButFailure});
  all.push_back({"a batch of bad and good lines", "/v1/reports", "{\n" + report(random) + "\n\n42\n" + report(random) + "\n", kNdjson, Expect::Accepted});
}

// A repeat has the id that it had; revisions may come in any order and more than once.
void add_repeats(Random& random, std::vector<Attack>& all) {
  const std::string good = report(random);
  all.push_back({"a good report", "/v1/reports", good, kJson, Expect::Accepted});
  all.push_back({"the same report again", "/v1/reports", good, kJson, Expect::SameIdAsBefore});
  const std::string id = fmt::format("h-{:016x}", random.next());
  for (const int sequence : {3, 1, 2, 3}) {
    all.push_back({"revisions of an alert out of order", "/v1/camera-alerts",
                   fmt::format(R"({{"alert_id":"{}","camera":"tn_cmt8_01","kind":"illegal_stop","state":"{}","sequence":{},)"
                               R"("started_at":"{}","at":"{}"}})",
                               id, sequence == 1 ? "start" : sequence == 3 ? "end" : "update", sequence, an_hour_ago(),
                               format_time(parse_time(an_hour_ago())->ms + sequence * 60'000)),
                   kJson, Expect::Accepted});
  }
}

std::string event_id(const std::string& body) {
  boost::system::error_code error;
  const boost::json::value parsed = boost::json::parse(body, error);
  if (error || !parsed.is_object()) return {};
  const boost::json::value* id = parsed.get_object().if_contains("event_id");
  return id && id->is_string() ? std::string(id->get_string()) : std::string();
}

class Attacker {
 public:
  Attacker(const HostileConfig& config, HostileCounts& counts)
      : x_counts(counts), x_sender(config.url, config.token) {}

  // false: no answer at all.
  bool send(const Attack& attack) {
    ++x_counts.sent;
    auto answer = x_sender.post_once(attack.path, attack.body, attack.media);
    if (!answer) {
      // A server may hang up on a body that is far too large before it is read.
      ++x_counts.broken;
      if (attack.body.size() < (1 << 20)) note(attack, "no answer: " + answer.error().message);
      return false;
    }
    ++x_counts.by_status[answer->status];
    const std::string id = event_id(answer->body);
    if (!is_expected(attack.expect, answer->status, id)) {
      note(attack, fmt::format("{} {}", answer->status, answer->body.substr(0, 160)));
    }
    if (attack.expect == Expect::Accepted) x_previous_id = id;
    return true;
  }

 private:
  [[nodiscard]] bool is_expected(Expect expect, unsigned status, const std::string& id) const {
    if (status == 503 || status == 429) return true;
    switch (expect) {
      case Expect::Refused: return status >= 400 && status < 500;
      case Expect::Accepted: return status == 202 || status == 200;
      case Expect::SameIdAsBefore: return status == 202 && id == x_previous_id;
      case Expect::AnyButFailure: return status < 500;
    }
    return false;
  }
  void note(const Attack& attack, std::string what) {
    ++x_counts.unexpected_count;
    if (x_counts.unexpected.size() < kShownMax) x_counts.unexpected.push_back(fmt::format("{}: {}", attack.name, what));
  }

  HostileCounts& x_counts;
  Sender x_sender;
  std::string x_previous_id;
};

}  // namespace

Result<HostileCounts> attack(const HostileConfig& config, const std::stop_token& stop) {
  HostileCounts counts;
  Attacker attacker(config, counts);
  Random random(config.seed, "hostile", 0);
  Progress progress("attacking", config.quiet);
  for (std::uint64_t round = 0; round < config.rounds && !stop.stop_requested(); ++round) {
    std::vector<Attack> all;
    for (const auto add : {add_malformed, add_wrong, add_transport, add_repeats}) add(random, all);
    for (const Attack& one : all) {
      const bool answered = attacker.send(one);
      if (!answered && counts.by_status.empty() && round == 0) return transient(config.url + " does not answer; is ingest running there?");
    }
    progress.show(static_cast<double>(round) / static_cast<double>(config.rounds), fmt::format("{} sent", counts.sent));
  }
  progress.finish(fmt::format("{} sent, {} unexpected", counts.sent, counts.unexpected_count));
  return counts;
}

std::string to_json(const HostileCounts& counts) {
  boost::json::object by_status;
  for (const auto& [status, count] : counts.by_status) by_status[std::to_string(status)] = count;
  return boost::json::serialize(boost::json::object{{"sent", counts.sent},
                                                    {"by_status", std::move(by_status)},
                                                    {"broken", counts.broken},
                                                    {"unexpected", counts.unexpected_count}});
}

}  // namespace ioc::simulator
