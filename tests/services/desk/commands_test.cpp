#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <set>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "libs/triage/bundle.h"
#include "tests/services/desk/harness.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;
using boost::json::object;

namespace {

const std::string kUnits = "code,name,kind,parent,valid_from,valid_until,aliases,lat,lon,outline\n"
                           "05443,Phường Trưng Vương,ward,,,2025-07-01,,21.59530,105.84530,\n"
                           "05444,Phường Phan Đình Phùng,ward,,2025-07-01,,,21.58430,105.83660,\n";
// Units that ended, and what followed them.
const std::string kEnded = "05440,Phường Quang Vinh,ward,,,2025-07-01,,21.60530,105.83530,\n"
                           "05445,Phường Quan Triều,ward,,2025-07-01,,,21.60540,105.82660,\n";
const std::string kSuccessors = "date,code,successor\n2025-07-01,05440,05445\n";

http::ClientResponse command(http::Client& client, const IncidentId& id, const object& body, const std::string& key) {
  return post(client, "/v1/incidents/" + id.str() + "/commands", body, {{"Idempotency-Key", key}});
}

// Commands in the log, in order.
std::vector<Command> commands_in(Desk& desk) {
  std::vector<Command> all;
  auto reader = desk.log().read(topics::kEvents, PartitionId(0), Offset(0));
  REQUIRE(reader.has_value());
  for (;;) {
    const auto batch = (*reader)->poll(1000, 1 << 20);
    REQUIRE(batch.has_value());
    if (batch->entries.empty()) return all;
    for (const log::Entry& entry : batch->entries) {
      const auto record = wire::decode_record(entry.value);
      REQUIRE(record.has_value());
      if (const auto* one = std::get_if<Command>(&*record)) all.push_back(*one);
    }
  }
}

}  // namespace

TEST_CASE("commands: an acknowledgement travels through the log and comes back as the incident") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto answer = command(client, id, {{"kind", "acknowledge"}, {"version", 1}}, "k1");
  REQUIRE(answer.status == 200);
  const auto incident = parsed(answer);
  CHECK(incident.at("id") == boost::json::value(id.str()));
  CHECK(incident.at("version") == 2);
  CHECK(incident.at("acknowledged_by") == "an");
  CHECK(parsed(get(client, "/v1/incidents/" + id.str())).at("version") == 2);
  const auto again = get(client, "/v1/commands/" + std::string(incident.at("command_id").as_string()));
  CHECK(again.status == 200);
  CHECK(parsed(get(client, "/v1/queues")).at("queues").as_array().at(0).at("unacknowledged") == 0);
}

TEST_CASE("commands: the same key is the same command, also after a restart of the desk") {
  Desk desk;
  const std::string token = desk.token("an", {"operator"});
  http::Client client = desk.client(token);
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto first = command(client, id, {{"kind", "acknowledge"}, {"version", 1}}, "k1");
  REQUIRE(first.status == 200);
  const auto second = command(client, id, {{"kind", "acknowledge"}, {"version", 1}}, "k1");
  CHECK(second.status == 200);
  CHECK(second.body == first.body);
  CHECK(commands_in(desk).size() == 1);
  desk.restart(true);
  client = desk.client(token);
  CHECK(command(client, id, {{"kind", "acknowledge"}, {"version", 1}}, "k1").body == first.body);
  CHECK(commands_in(desk).size() == 1);
  http::Client other = desk.client(desk.token("binh", {"operator"}));
  CHECK(command(other, id, {{"kind", "comment"}, {"version", 2}, {"text", "x"}}, "k1").status == 200);
  CHECK(commands_in(desk).size() == 2);
}

TEST_CASE("commands: the same key with another body is refused and nothing is done; written in another way it is the same") {
  Desk desk;
  const std::string token = desk.token("an", {"operator"});
  http::Client client = desk.client(token);
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto first = command(client, id, {{"kind", "comment"}, {"version", 1}, {"text", "đã gọi"}}, "k1");
  REQUIRE(first.status == 200);
  CHECK(command(client, id, {{"text", "đã gọi"}, {"version", 1.0}, {"kind", "comment"}, {"units", nullptr}}, "k1").body == first.body);
  const auto refused = [&] {
    for (const object& other : {object{{"kind", "comment"}, {"version", 1}, {"text", "chưa gọi"}}, object{{"kind", "comment"}, {"version", 2}, {"text", "đã gọi"}},
                                object{{"kind", "acknowledge"}, {"version", 2}}}) {
      const auto answer = command(client, id, other, "k1");
      CHECK(answer.status == 422);
      CHECK(parsed(answer).at("field") == "Idempotency-Key");
    }
    CHECK(commands_in(desk).size() == 1);
  };
  refused();
  desk.restart(true);
  client = desk.client(token);
  desk.await(id);
  REQUIRE(eventually([&] { return command(client, id, {{"kind", "comment"}, {"version", 1}, {"text", "đã gọi"}}, "k1").status == 200; }));
  refused();
}

TEST_CASE("commands: an incident is forwarded to units that there are, and the field is named") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const triage::PackedBundle bundle = triage::pack({{"units/units.csv", kUnits}});
  for (const auto& chunk : bundle.chunks) desk.append(topics::kBundles, chunk.key, chunk.value);
  desk.append(topics::kEvents, "", wire::encode(Record(Activation{bundle.hash, 1, "test"})));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  // Before the bundle is known here, any unit is taken; a stale version changes nothing.
  std::size_t tries = 0;
  const auto asked = [&](boost::json::array units, std::uint64_t version) {
    return command(client, id, {{"kind", "forward"}, {"version", version}, {"units", std::move(units)}}, "try-" + std::to_string(++tries));
  };
  REQUIRE(eventually([&] { return asked({"99999"}, 7).status == 422; }));
  const std::size_t before = commands_in(desk).size();
  const auto unknown = command(client, id, {{"kind", "forward"}, {"version", 1}, {"units", boost::json::array{"05444", "99999"}}}, "k1");
  REQUIRE(unknown.status == 422);
  CHECK(parsed(unknown).at("field") == "units");
  CHECK(parsed(unknown).at("received") == "99999");
  CHECK(commands_in(desk).size() == before);
  CHECK(command(client, id, {{"kind", "forward"}, {"version", 1}, {"units", boost::json::array{"05444"}}}, "k2").status == 200);
}

TEST_CASE("commands: an incident is not forwarded to a unit that was abolished, and the answer names its successors") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const triage::PackedBundle bundle = triage::pack({{"units/successors.csv", kSuccessors}, {"units/units.csv", kUnits + kEnded}});
  for (const auto& chunk : bundle.chunks) desk.append(topics::kBundles, chunk.key, chunk.value);
  desk.append(topics::kEvents, "", wire::encode(Record(Activation{bundle.hash, 1, "test"})));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  std::size_t tries = 0;
  http::ClientResponse answer;
  REQUIRE(eventually([&] {
    answer = command(client, id, {{"kind", "forward"}, {"version", 7}, {"units", {"05440"}}}, "try-" + std::to_string(++tries));
    return answer.status == 422;
  }));
  CHECK(parsed(answer).at("field") == "units");
  CHECK(parsed(answer).at("detail") == "the unit does not exist any more; it was followed by 05445 Phường Quan Triều");
  CHECK(command(client, id, {{"kind", "forward"}, {"version", 1}, {"units", {"05445"}}}, "k2").status == 200);
}

TEST_CASE("commands: what is stale, refused or unknown says so, with the incident as it stands") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto stale = command(client, id, {{"kind", "acknowledge"}, {"version", 7}}, "k1");
  CHECK(stale.status == 409);
  CHECK(parsed(stale).at("incident").at("version") == 1);
  CHECK(parsed(stale).at("status") == 409);
  const auto refused = command(client, id, {{"kind", "reopen"}, {"version", 1}, {"text", "tái diễn"}}, "k2");
  CHECK(refused.status == 422);
  CHECK(parsed(refused).at("detail") == "only what is resolved can be reopened");
  CHECK(command(client, IncidentId("0-nobody"), {{"kind", "acknowledge"}, {"version", 1}}, "k3").status == 404);
  CHECK(command(client, IncidentId("99-nobody"), {{"kind", "acknowledge"}, {"version", 1}}, "k3").status == 404);
  CHECK(get(client, "/v1/commands/c-nobody").status == 404);
}

TEST_CASE("commands: bodies are checked before anything reaches the log") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto no_key = post(client, "/v1/incidents/" + id.str() + "/commands", object{{"kind", "acknowledge"}, {"version", 1}});
  CHECK(no_key.status == 400);
  CHECK(parsed(no_key).at("field") == "Idempotency-Key");
  const std::vector<std::pair<object, const char*>> bad{
      {{{"version", 1}}, "kind"},
      {{{"kind", "explode"}, {"version", 1}}, "kind"},
      {{{"kind", "shelve"}, {"version", 1}}, "kind"},
      {{{"kind", "merge"}, {"version", 1}}, "into"},
      {{{"kind", "relocate"}, {"version", 1}}, "units"},
      {{{"kind", "relocate"}, {"version", 1}, {"units", boost::json::array{"1", "2"}}}, "units"},
      {{{"kind", "relocate"}, {"version", 1}, {"position", 21.5}}, "position"},
      {{{"kind", "relocate"}, {"version", 1}, {"position", {{"lat", 91}, {"lon", 105.8}}}}, "position"},
      {{{"kind", "relocate"}, {"version", 1}, {"position", {{"lat", 21.5}}}}, "position"},
      {{{"kind", "reclassify"}, {"version", 1}}, "category"},
      {{{"kind", "reclassify"}, {"version", 1}, {"category", 7}}, "category"},
      {{{"kind", "reclassify"}, {"version", 1}, {"further_categories", boost::json::array{"khac"}}}, "category"},
      {{{"kind", "reclassify"}, {"version", 1}, {"category", "khac"}, {"further_categories", "ha-tang"}}, "further_categories"},
      {{{"kind", "reclassify"}, {"version", 1}, {"severity", "worst"}}, "severity"},
      {{{"kind", "reclassify"}, {"version", 1}, {"emergency", "yes"}}, "emergency"},
      {{{"kind", "reclassify"}, {"version", 1}, {"back_to_triage", "yes"}}, "back_to_triage"},
      {{{"kind", "reclassify"}, {"version", 1}, {"back_to_triage", true}, {"severity", "info"}}, "back_to_triage"},
      {{{"kind", "reclassify"}, {"version", 1}, {"back_to_triage", false}}, "category"},
      {{{"kind", "acknowledge"}}, "version"},
      {{{"kind", "acknowledge"}, {"version", -1}}, "version"},
      {{{"kind", "acknowledge"}, {"version", "1"}}, "version"},
      {{{"kind", "assign"}, {"version", 1}}, "queue"},
      {{{"kind", "forward"}, {"version", 1}}, "units"},
      {{{"kind", "forward"}, {"version", 1}, {"units", boost::json::array{1}}}, "units"},
      {{{"kind", "resolve"}, {"version", 1}, {"outcome", "magic"}}, "outcome"},
      {{{"kind", "reopen"}, {"version", 1}}, "text"},
      {{{"kind", "comment"}, {"version", 1}}, "text"},
      {{{"kind", "comment"}, {"version", 1}, {"text", std::string(5000, 'x')}}, "text"},
      {{{"kind", "split"}, {"version", 1}, {"events", boost::json::array{}}}, "events"},
      {{{"kind", "acknowledge"}, {"version", 1}, {"comment", "đã gọi"}}, "comment"},
      {{{"kind", "acknowledge"}, {"version", 1}, {"units", boost::json::array{"05443"}}}, "units"},
      {{{"kind", "comment"}, {"version", 1}, {"text", "x"}, {"Text", "y"}}, "Text"},
      {{{"kind", "reclassify"}, {"version", 1}, {"severity", "info"}, {"sub-kind", "-"}}, "sub-kind"}};
  for (const auto& [body, field] : bad) {
    CAPTURE(boost::json::value(body), field);
    const auto answer = command(client, id, body, "k");
    CHECK(answer.status == 422);
    CHECK(parsed(answer).at("field") == field);
  }
  CHECK(commands_in(desk).empty());
}

TEST_CASE("commands: phone numbers in a comment are masked before the log sees them") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto answer = command(client, id, {{"kind", "comment"}, {"version", 1}, {"text", "gọi 0912345678 nhé"}}, "k");
  REQUIRE(answer.status == 200);
  REQUIRE(commands_in(desk).size() == 1);
  CHECK(commands_in(desk)[0].text == "gọi *** nhé");
}

TEST_CASE("commands: not decided in time is 202, and the result is there later") {
  Desk desk([](Config& config) { config.command_wait = Millis(100); });
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  desk.triage().hold(true);
  const auto waiting = command(client, id, {{"kind", "acknowledge"}, {"version", 1}}, "k");
  REQUIRE(waiting.status == 202);
  const std::string place = "/v1/commands/" + std::string(parsed(waiting).at("command_id").as_string());
  REQUIRE(eventually([&] { return get(client, place).status == 202; }));
  desk.triage().hold(false);
  REQUIRE(eventually([&] { return get(client, place).status == 200; }));
  CHECK(parsed(get(client, place)).at("acknowledged_by") == "an");
}

TEST_CASE("commands: where an incident goes reaches the log as it was sent") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  CHECK(command(client, id, {{"kind", "merge"}, {"version", 1}, {"into", "0-other"}}, "k1").status == 200);
  CHECK(command(client, id, {{"kind", "unmerge"}, {"version", 2}}, "k2").status == 200);
  const object place{{"lat", 21.5942}, {"lon", 105.8482001}};
  CHECK(command(client, id, {{"kind", "relocate"}, {"version", 3}, {"units", boost::json::array{"05443"}}, {"position", place}}, "k3").status == 200);
  const std::vector<Command> sent = commands_in(desk);
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].kind == CommandKind::Merge);
  CHECK(sent[0].into == IncidentId("0-other"));
  CHECK(sent[1].kind == CommandKind::Unmerge);
  CHECK(sent[1].into.empty());
  CHECK(sent[2].kind == CommandKind::Relocate);
  CHECK(sent[2].units == std::vector<UnitCode>{UnitCode("05443")});
  CHECK(sent[2].position == Position{215'942'000, 1'058'482'001, 0});
}

TEST_CASE("commands: a correction is checked against the rules in force, reaches the log as sent, and shows beside triage's choice") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const triage::PackedBundle bundle = triage::pack({{"categories.yaml", "categories:\n  - {code: ha-tang, name: \"Hạ tầng\"}\n  - {code: moi-truong, name: \"Môi trường\"}\n"}});
  for (const auto& chunk : bundle.chunks) desk.append(topics::kBundles, chunk.key, chunk.value);
  desk.append(topics::kEvents, "", wire::encode(Record(Activation{bundle.hash, 1, "test"})));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  const auto name_of_category = [&] { return parsed(get(client, "/v1/incidents/" + id.str())).at("category_name"); };
  REQUIRE(eventually([&] { return name_of_category() == "Hạ tầng"; }));
  const auto unknown = command(client, id, {{"kind", "reclassify"}, {"version", 1}, {"category", "magic"}}, "k1");
  REQUIRE(unknown.status == 422);
  CHECK(parsed(unknown).at("field") == "category");
  CHECK(parsed(unknown).at("received") == "magic");
  CHECK(parsed(unknown).at("detail") == "one of ha-tang, moi-truong");
  const object body{{"kind", "reclassify"}, {"version", 1}, {"category", "moi-truong"}, {"further_categories", boost::json::array{"ha-tang"}},
                    {"severity", "info"}, {"emergency", false}, {"text", "rác, gọi 0912345678"}};
  const auto answer = command(client, id, body, "k2");
  REQUIRE(answer.status == 200);
  const std::vector<Command> sent = commands_in(desk);
  REQUIRE(sent.size() == 1);
  CHECK(sent[0].kind == CommandKind::Reclassify);
  CHECK(sent[0].category == CategoryCode("moi-truong"));
  CHECK(sent[0].further_categories == std::vector<CategoryCode>{CategoryCode("ha-tang")});
  CHECK(sent[0].severity == Severity::Info);
  CHECK(sent[0].emergency == false);
  CHECK(sent[0].text == "rác, gọi ***");
  const auto shown = parsed(answer);
  CHECK(shown.at("category") == "moi-truong");
  CHECK(shown.at("model_category") == "ha-tang");
  CHECK(shown.at("classified_by") == "an");
  http::Client wall = desk.client(desk.token("tv", {"kiosk"}));
  CHECK_FALSE(parsed(get(wall, "/v1/incidents/" + id.str())).as_object().contains("classified_by"));
  const auto back = command(client, id, {{"kind", "reclassify"}, {"version", 2}, {"back_to_triage", true}, {"text", "nhầm"}}, "k3");
  REQUIRE(back.status == 200);
  REQUIRE(commands_in(desk).size() == 2);
  CHECK(commands_in(desk)[1].back_to_triage);
  CHECK(parsed(back).at("category") == "ha-tang");
  CHECK(parsed(back).at("classified_by") == "");
}

TEST_CASE("commands: a sub-kind is one of the category's, reaches the log, and shows with its name; GET /v1/categories lists them") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  const triage::PackedBundle bundle = triage::pack({{"categories.yaml",
      "categories:\n  - code: moi-truong\n    name: \"Môi trường\"\n    terms: [\"rác 9\"]\n    sub_kinds:\n      - {code: rac, name: \"Rác thải\", terms: [\"rác 9\"]}\n  - {code: ha-tang, name: \"Hạ tầng\"}\n"}});
  for (const auto& chunk : bundle.chunks) desk.append(topics::kBundles, chunk.key, chunk.value);
  desk.append(topics::kEvents, "", wire::encode(Record(Activation{bundle.hash, 1, "test"})));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  REQUIRE(eventually([&] { return parsed(get(client, "/v1/categories")).at("categories").as_array().size() == 2; }));
  CHECK(parsed(get(client, "/v1/categories")).at("categories").as_array()[0] ==
        boost::json::parse(R"({"code":"moi-truong","name":"Môi trường","sub_kinds":[{"code":"rac","name":"Rác thải"}]})"));
  http::Client nobody = desk.client();
  CHECK(get(nobody, "/v1/categories").status == 401);
  CHECK(parsed(get(client, "/v1/incidents/" + id.str())).at("sub_kind").is_null());
  const auto wrong = command(client, id, {{"kind", "reclassify"}, {"version", 1}, {"category", "moi-truong"}, {"sub_kind", "magic"}}, "k1");
  REQUIRE(wrong.status == 422);
  CHECK(parsed(wrong).at("field") == "sub_kind");
  CHECK(parsed(wrong).at("detail") == "one of rac, or - for none of them");
  const auto none = command(client, id, {{"kind", "reclassify"}, {"version", 1}, {"category", "ha-tang"}, {"sub_kind", "rac"}}, "k2");
  CHECK(parsed(none).at("detail") == "the category has none; leave it out");
  const auto answer = command(client, id, {{"kind", "reclassify"}, {"version", 1}, {"category", "moi-truong"}, {"sub_kind", "rac"}}, "k3");
  REQUIRE(answer.status == 200);
  REQUIRE(commands_in(desk).size() == 1);
  CHECK(commands_in(desk)[0].sub_kind == SubKindCode("rac"));
  CHECK(parsed(answer).at("sub_kind") == boost::json::parse(R"({"code":"rac","name":"Rác thải"})"));
  CHECK(parsed(answer).at("model_sub_kind").is_null());
  const auto none_fits = command(client, id, {{"kind", "reclassify"}, {"version", parsed(answer).at("version")}, {"category", "moi-truong"}, {"sub_kind", "-"}}, "k4");
  CHECK(none_fits.status == 200);
  CHECK(commands_in(desk)[1].sub_kind == SubKindCode(kNoSubKind));
}

TEST_CASE("commands: an incident is given to somebody who may work here, or the name is refused") {
  Desk desk;
  http::Client client = desk.client(desk.token("an", {"operator"}));
  desk.person("hung", "mật khẩu để kiểm thử", {"operator"});
  static_cast<void>(desk.token("camera", {"source:camera-alerts"}));
  const IncidentId id = desk.send(report("1", kMorning));
  desk.await(id);
  for (const char* nobody : {"nobody", "camera", "Hung"}) {
    const auto refused = command(client, id, {{"kind", "assign"}, {"version", 1}, {"person", nobody}}, nobody);
    REQUIRE(refused.status == 422);
    CHECK(parsed(refused).at("field") == "person");
  }
  CHECK(command(client, id, {{"kind", "assign"}, {"version", 1}, {"person", "hung"}}, "k1").status == 200);
}
