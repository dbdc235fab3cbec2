// POST /v1/incidents/{id}/commands and GET /v1/commands/{id}: a command is a record in the incident's partition; what
// comes of it is a decision that the view brings back (DESIGN D11).
#include <sodium.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <boost/asio/this_coro.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <functional>
#include <set>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/text/mask.h"
#include "services/desk/api/context.h"
#include "services/desk/api/json.h"

namespace ioc::desk::api {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;
using auth::Need;

constexpr std::size_t kListMax = 1000;
constexpr std::size_t kNameBytesMax = 200;
constexpr std::array<std::string_view, 7> kOutcomes{"fixed",   "nothing_found", "reminded", "not_enough_evidence",
                                                    "planned", "passed_on",     "explained"};

// Five bits a letter.
std::string letters_of(std::string_view text, std::size_t letters) {
  std::array<unsigned char, 32> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  static constexpr char kAlphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  std::string all;
  std::uint32_t held = 0;
  unsigned bits = 0;
  for (std::size_t at = 0; all.size() < letters;) {
    if (bits < 5) {
      held = (held << 8) | hash[at++];
      bits += 8;
    }
    bits -= 5;
    all += kAlphabet[(held >> bits) & 31U];
    held &= (1U << bits) - 1U;
  }
  return all;
}

// Who, on what, with which key: what all tries of one command begin with.
constexpr std::size_t kKeyLetters = 14, kBodyLetters = 6;
std::string command_key(std::string_view actor, std::string_view incident, std::string_view key) {
  std::string text(actor);
  text += '\0';
  text += incident;
  text += '\0';
  text += key;
  return "c-" + letters_of(text, kKeyLetters);
}

// Then what it asks for: the same request is the same command, another body under the same key is seen to be another.
CommandId command_id(const std::string& key, Command asked) {
  asked.id = CommandId(key);
  asked.issued_at = WallTime();
  return CommandId(key + letters_of(wire::encode(Record(std::move(asked))), kBodyLetters));
}

// Reads a command's body; the first thing that is wrong becomes the answer.
class BodyReader {
 public:
  BodyReader(const json::object& body, std::size_t text_bytes_max, const reference::Reference& names, const auth::Gate& gate)
      : x_body(body), x_text_bytes_max(text_bytes_max), x_names(names), x_gate(gate) {}

  std::optional<http::Response> read(Command& command) {
    const std::string name = text("kind", kNameBytesMax);
    const auto kind = command_kind_named(name);
    if (kind && std::find(kKinds.begin(), kKinds.end(), *kind) != kKinds.end()) command.kind = *kind;
    else refuse(422, "kind", one_of(kKinds, [](CommandKind one) { return name_of(one); }), name);
    read_version(command);
    if (!x_wrong) read_parts(command);
    refuse_unknown();
    return std::move(x_wrong);
  }

 private:
  static constexpr std::array kKinds{CommandKind::Acknowledge, CommandKind::Assign, CommandKind::Forward, CommandKind::Resolve,
                                     CommandKind::Reopen,      CommandKind::Comment, CommandKind::Split,  CommandKind::Merge,
                                     CommandKind::Unmerge,     CommandKind::Relocate, CommandKind::Reclassify};

  const json::value* find(std::string_view field) {
    x_known.insert(field);
    return x_body.if_contains(field);
  }

  // A misspelt field is no reason to do something else than was asked.
  void refuse_unknown() {
    for (const auto& [field, value] : x_body) {
      if (value.is_null() || x_known.contains(field)) continue;
      const std::string name = std::string(field).substr(0, kNameBytesMax);
      return refuse(422, name.c_str(), one_of(x_known, std::identity()) + ": a command of this kind has no other fields", name);
    }
  }

  void read_version(Command& command) {
    const json::value* version = find("version");
    boost::system::error_code error;
    if (version != nullptr && version->is_number()) command.version = version->to_number<std::uint64_t>(error);
    if (version == nullptr || !version->is_number() || error) {
      refuse(422, "version", "send the version of the incident that you saw, a whole number", "");
    }
  }

  void read_parts(Command& command) {
    switch (command.kind) {
      case CommandKind::Assign:
        command.queue = QueueId(text("queue", kNameBytesMax));
        command.person = text("person", kNameBytesMax);
        check_person(command.person);
        if (command.queue.empty() && command.person.empty()) refuse(422, "queue", "name a queue or a person", "");
        break;
      case CommandKind::Forward:
        for (std::string& unit : texts("units")) command.units.emplace_back(std::move(unit));
        for (const UnitCode& unit : command.units) check_unit(unit);
        break;
      case CommandKind::Resolve:
        command.outcome = text("outcome", kNameBytesMax);
        if (!x_wrong && std::find(kOutcomes.begin(), kOutcomes.end(), command.outcome) == kOutcomes.end()) {
          refuse(422, "outcome", one_of(kOutcomes, std::identity()), command.outcome);
        }
        break;
      case CommandKind::Split:
        for (std::string& event : texts("events")) command.events.emplace_back(std::move(event));
        break;
      case CommandKind::Merge:
        command.into = IncidentId(text("into", kNameBytesMax));
        if (command.into.empty()) refuse(422, "into", "name the incident that this one is merged into", "");
        break;
      case CommandKind::Unmerge:
        command.into = IncidentId(text("into", kNameBytesMax));
        break;
      case CommandKind::Relocate:
        read_place(command);
        break;
      case CommandKind::Reclassify:
        read_class(command);
        break;
      default:
        break;
    }
    command.text = masked("text", x_text_bytes_max);
    const bool needs_text = command.kind == CommandKind::Comment || command.kind == CommandKind::Reopen;
    if (needs_text && command.text.empty()) refuse(422, "text", "say why, or what", "");
  }

  void read_class(Command& command) {
    command.category = CategoryCode(text("category", kNameBytesMax));
    if (!command.category.empty()) check_category("category", command.category);
    command.sub_kind = SubKindCode(text("sub_kind", kNameBytesMax));
    if (!command.category.empty()) check_sub_kind(command);
    const json::value* further = find("further_categories");
    const auto* list = further != nullptr ? further->if_array() : nullptr;
    if (further != nullptr && (list == nullptr || !list->empty())) {
      for (std::string& one : texts("further_categories")) command.further_categories.emplace_back(std::move(one));
    }
    for (const CategoryCode& one : command.further_categories) check_category("further_categories", one);
    const std::string severity = text("severity", kNameBytesMax);
    command.severity = severity_named(severity);
    if (!severity.empty() && !command.severity) refuse(422, "severity", "one of critical, high, medium, info", severity);
    if (const json::value* emergency = find("emergency")) {
      if (emergency->is_bool()) command.emergency = emergency->get_bool();
      else refuse(422, "emergency", "true or false", "");
    }
    if (read_way_back(command)) return;
    if (command.category.empty() && !command.further_categories.empty()) refuse(422, "category", "name the category that the further ones stand beside", "");
    const bool names_none = command.category.empty() && command.sub_kind.empty() && !command.severity && !command.emergency;
    if (names_none) refuse(422, "category", "name a category, a sub_kind, a severity, or emergency", "");
  }

  // True: it is the way back to what triage chose, or was meant to be.
  bool read_way_back(Command& command) {
    const json::value* back = find("back_to_triage");
    if (back == nullptr) return false;
    if (!back->is_bool()) return refuse(422, "back_to_triage", "true or false", ""), true;
    command.back_to_triage = back->get_bool();
    const bool names_more = !command.category.empty() || !command.sub_kind.empty() || !command.further_categories.empty() || command.severity || command.emergency;
    if (command.back_to_triage && names_more) {
      refuse(422, "back_to_triage", "restores category, sub-kind, further categories, severity and emergency as triage chose them; name none of these beside it", "");
    }
    return command.back_to_triage;
  }

  void check_person(const std::string& name) {
    if (name.empty() || x_gate.is_operator(name)) return;
    refuse(422, "person", "nobody who may work here has the name " + text::mask_personal(name).text, "");
  }

  // Only a unit of today can answer. Before a bundle is known here, triage alone decides.
  void check_unit(const UnitCode& code) {
    if (!x_names.units) return;
    const EventTime today = EventTime::from_ms(wall_now().ms());
    const auto all = x_names.units->all();
    const auto newest = std::find_if(all.rbegin(), all.rend(), [&](const geo::Unit& unit) { return unit.code == code; });
    if (newest == all.rend()) return refuse(422, "units", "there is no such unit; GET /v1/units lists their codes", code.str());

    std::string names;
    for (const geo::Unit* unit : x_names.units->now_of(*newest, today)) {
      if (unit->code == code) return;
      names.append(names.empty() ? "" : ", ").append(unit->code.str()).append(" ").append(unit->name);
    }
    refuse(422, "units", "the unit does not exist any more; " + (names.empty() ? "it has no successor" : "it was followed by " + names), code.str());
  }

  // Before a bundle is known here, triage alone decides.
  void check_category(const char* field, const CategoryCode& code) {
    if (x_names.categories.empty() || x_names.category(code.str()) != nullptr) return;
    refuse(422, field, one_of(x_names.categories, &reference::Category::code), code.str());
  }

  // Of the incident's own category, where none is named, triage knows the sub-kinds.
  void check_sub_kind(const Command& command) {
    const reference::Category* category = x_names.category(command.category.str());
    const std::string& code = command.sub_kind.str();
    if (code.empty() || code == kNoSubKind || category == nullptr || category->has(code)) return;
    const std::string known = one_of(category->sub_kinds, &reference::SubKind::code);
    refuse(422, "sub_kind", known.empty() ? "the category has none; leave it out" : known + ", or - for none of them", code);
  }

  // `name`: what each of them is called by.
  template <class All, class Name>
  static std::string one_of(const All& all, Name name) {
    std::string known;
    for (const auto& one : all) known.append(known.empty() ? "one of " : ", ").append(std::invoke(name, one));
    return known;
  }

  void read_place(Command& command) {
    if (find("units") != nullptr) {
      for (std::string& unit : texts("units")) command.units.emplace_back(std::move(unit));
      if (command.units.size() > 1) refuse(422, "units", "an incident is in one unit", std::to_string(command.units.size()));
    }
    if (const json::value* position = find("position")) {
      const auto* given = position->if_object();
      if (given == nullptr) return refuse(422, "position", "an object with lat and lon, in degrees", "");
      command.position = Position{degrees(*given, "lat", 90), degrees(*given, "lon", 180), 0};
    }
    if (command.units.empty() && !command.position) refuse(422, "units", "name a unit or a position", "");
  }

  // In 1e-7 degrees.
  std::int32_t degrees(const json::object& position, const char* field, double most) {
    const json::value* value = position.if_contains(field);
    boost::system::error_code error;
    const double given = value != nullptr && value->is_number() ? value->to_number<double>(error) : most + 1;
    if (!(std::abs(given) <= most)) {
      refuse(422, "position", "lat is from -90 to 90, lon from -180 to 180, in degrees", field);
      return 0;
    }
    return static_cast<std::int32_t>(std::lround(given * 1e7));
  }

  std::string text(const char* field, std::size_t bytes_max) {
    const json::value* value = find(field);
    if (value == nullptr || value->is_null()) return {};
    const auto* given = value->if_string();
    if (given == nullptr) {
      refuse(422, field, "this is a text", "");
      return {};
    }
    if (given->size() > bytes_max) refuse(422, field, "too long", std::to_string(given->size()) + " bytes");
    return std::string(*given);
  }

  // Personal data stays behind (DESIGN D9): an operator's words pass the same mask as a citizen's.
  std::string masked(const char* field, std::size_t bytes_max) { return text::mask_personal(text(field, bytes_max)).text; }

  std::vector<std::string> texts(const char* field) {
    const json::value* value = find(field);
    const auto* list = value != nullptr ? value->if_array() : nullptr;
    std::vector<std::string> all;
    if (list == nullptr || list->empty() || list->size() > kListMax) {
      refuse(422, field, "a list of 1 to 1000 ids", "");
      return all;
    }
    for (const json::value& one : *list) {
      const auto* id = one.if_string();
      if (id == nullptr || id->empty() || id->size() > kNameBytesMax) {
        refuse(422, field, "a list of ids", "");
      } else {
        all.emplace_back(*id);
      }
    }
    return all;
  }

  void refuse(unsigned status, const char* field, std::string_view detail, const std::string& received) {
    if (!x_wrong) x_wrong = wrong(status, "invalid command", detail, field, received);
  }

  const json::object& x_body;
  std::size_t x_text_bytes_max;
  const reference::Reference& x_names;
  const auth::Gate& x_gate;
  std::set<std::string_view> x_known;
  std::optional<http::Response> x_wrong;
};

http::Response with_incident(const Context& context, unsigned status, const char* title, const char* detail,
                             const IncidentId& id) {
  http::Problem problem;
  problem.status = status;
  problem.title = title;
  problem.detail = detail;
  json::object body = http::to_json(problem);
  if (const auto incident = context.incident(id)) {
    body["incident"] = to_json(*incident, *context.reference.get(), stream::Audience::Staff);
  }
  http::Response response = answer(status, body);
  response.content_type = "application/problem+json";
  return response;
}

// nullopt: triage has decided, but the view does not have the resulting snapshot yet.
std::optional<http::Response> answer_of(const Context& context, const CommandResult& result) {
  switch (result.status) {
    case CommandStatus::StaleVersion:
      return with_incident(context, 409, "the incident has changed", "look at it again and repeat the command with its version",
                           result.incident);
    case CommandStatus::NotFound: return wrong(404, "unknown incident", result.detail, "id", result.incident.str());
    case CommandStatus::Refused: return wrong(422, "not possible", result.detail);
    case CommandStatus::Applied: break;
  }
  const auto incident = context.incident(result.incident);
  if (!incident || incident->version < result.version) return std::nullopt;
  json::object body = to_json(*incident, *context.reference.get(), stream::Audience::Staff);
  json::array created;
  for (const IncidentId& id : result.created) created.emplace_back(id.str());
  body["command_id"] = result.command.str();
  body["created"] = std::move(created);
  return answer(200, body);
}

std::optional<http::Response> answer_of(const Context& context, const CommandId& id) {
  const auto state = context.tables.command(id);
  if (!state || !state->done) return std::nullopt;
  return answer_of(context, *state->decision->command_result);
}

http::Response still_waiting(const CommandId& id) {
  http::Response response = answer(202, json::object{{"command_id", id.str()}, {"status", "waiting"}});
  response.headers.emplace_back("Location", "/v1/commands/" + id.str());
  return response;
}

// Woken for a command's result and for its incident's snapshots while in scope.
class Waiting {
 public:
  Waiting(Context& context, const Command& command, std::shared_ptr<stream::Wakeup> wakeup)
      : x_live(context.live), x_keys{command.id.str(), command.incident.str()}, x_wakeup(std::move(wakeup)) {
    for (const std::string& key : x_keys) x_live.wait_for(key, x_wakeup);
  }
  ~Waiting() {
    for (const std::string& key : x_keys) x_live.stop_waiting(key, x_wakeup);
  }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  view::Live& x_live;
  std::array<std::string, 2> x_keys;
  std::shared_ptr<stream::Wakeup> x_wakeup;
};

// Shared with the log's thread.
struct Appended {
  std::mutex mutex;
  std::optional<Result<Offset>> result;
};

asio::awaitable<http::Response> carry_out(Context& context, Command command, PartitionId partition) {
  if (auto known = answer_of(context, command.id)) co_return std::move(*known);
  const auto begun = stream::Wakeup::Clock::now();
  const auto deadline = begun + context.config.command_wait;
  const auto strand = co_await asio::this_coro::executor;
  const auto wakeup = std::make_shared<stream::Wakeup>(strand);
  const Waiting waiting(context, command, wakeup);
  const auto appended = std::make_shared<Appended>();
  context.log.append(topics::kEvents, partition, {command.incident.str(), wire::encode(Record(command)), {}, false},
                     [appended, wakeup](Result<Offset> result) {
                       {
                         const std::lock_guard lock(appended->mutex);
                         appended->result = std::move(result);
                       }
                       wakeup->wake();
                     });
  context.metrics.commands.add();
  while (stream::Wakeup::Clock::now() < deadline) {
    co_await wakeup->wait_until(deadline);
    if (auto done = answer_of(context, command.id)) {
      context.metrics.command_seconds.observe(std::chrono::duration<double>(stream::Wakeup::Clock::now() - begun).count());
      co_return std::move(*done);
    }
    const std::lock_guard lock(appended->mutex);
    if (appended->result && !*appended->result) {
      spdlog::warn("desk: command not accepted by the log: {}", appended->result->error().message);
      co_return wrong(503, "the log does not take commands now", "nothing was changed; send the same request again");
    }
  }
  const std::lock_guard lock(appended->mutex);
  if (!appended->result) {
    co_return wrong(503, "the log does not answer", "it is not known whether the command was taken; send the same request again");
  }
  co_return still_waiting(command.id);
}

asio::awaitable<http::Reply> post(Context& context, const http::Request& request) {
  auto caller = context.gate.admit(request, Need::Command);
  if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
  const std::string_view key = request.header("idempotency-key");
  if (key.empty() || key.size() > 255) {
    co_return wrong(400, "header missing", "send an Idempotency-Key of 1 to 255 characters, the same when you try again",
                    "Idempotency-Key");
  }
  boost::system::error_code error;
  const json::value body = json::parse(request.body, error);
  if (error || !body.is_object()) co_return wrong(400, "malformed", "send one JSON object as application/json");
  Command command;
  command.incident = IncidentId(request.param("id"));
  const auto partition = partition_of(command.incident);
  if (!partition || partition->value() >= context.partitions || !context.incident(command.incident)) {
    co_return wrong(404, "unknown incident", "no incident has this id", "id", command.incident.str());
  }
  const auto names = context.reference.get();
  if (auto bad = BodyReader(body.as_object(), context.config.comment_chars_max, *names, context.gate).read(command)) co_return std::move(*bad);
  command.actor = std::get<auth::Caller>(caller).who.name;
  command.issued_at = wall_now();
  const std::string all_tries = command_key(command.actor, command.incident.str(), key);
  command.id = command_id(all_tries, command);
  if (context.tables.other_command(all_tries, command.id)) {
    co_return wrong(422, "this Idempotency-Key was used for another command", "send a new key with a new command; the same key only with the same body",
                    "Idempotency-Key", key);
  }
  co_return co_await carry_out(context, std::move(command), *partition);
}

http::Response get(const Context& context, const http::Request& request) {
  const CommandId id(request.param("id"));
  const auto state = context.tables.command(id);
  if (!state) return wrong(404, "unknown command", "no command with this id has arrived here", "id", id.str());
  if (!state->done) return still_waiting(id);
  auto done = answer_of(context, *state->decision->command_result);
  return done ? std::move(*done) : still_waiting(id);
}

}  // namespace

void add_command_routes(Routes& routes, Context& context) {
  routes.add("POST", "/v1/incidents/{id}/commands", [&context](const http::Request& request) {
    return post(context, request);
  });
  routes.add("GET", "/v1/commands/{id}", [&context](const http::Request& request) -> asio::awaitable<http::Reply> {
    auto caller = context.gate.admit(request, Need::Read);
    if (auto* refused = std::get_if<http::Response>(&caller)) co_return std::move(*refused);
    co_return get(context, request);
  });
}

}  // namespace ioc::desk::api
