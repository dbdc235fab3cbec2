#include <catch2/catch.hpp>

#include "libs/domain/topics.h"
#include "libs/domain/wire.h"
#include "services/desk/view/applier.h"
#include "services/desk/view/tables.h"
#include "services/desk/view/words.h"
#include "tests/services/desk/samples.h"

using namespace ioc;
using namespace ioc::desk;
using namespace ioc::desk::test;
using namespace ioc::desk::view;

namespace {

class Board {
 public:
  Board() {
    store::Options options;
    options.families = family_names();
    auto opened = store::Store::open(x_folder.path() + "/view", options);
    REQUIRE(opened.has_value());
    x_store = std::move(*opened);
  }

  void put(const Incident& incident) {
    Writes writes(*x_store);
    Changes changes;
    const std::string value = wire::encode(incident);
    log::Entry entry;
    entry.offset = Offset(x_offset++);
    entry.key = incident.id.str();
    entry.value = value;
    REQUIRE(Applier(writes, changes).apply(topics::kIncidents, PartitionId(0), entry).has_value());
    REQUIRE(writes.commit().has_value());
  }

  void put(const ReportStatus& status) {
    Writes writes(*x_store);
    Changes changes;
    const std::string value = wire::encode(status);
    log::Entry entry;
    entry.key = status.report.str();
    entry.value = value;
    REQUIRE(Applier(writes, changes).apply(topics::kReportStatus, PartitionId(0), entry).has_value());
    REQUIRE(writes.commit().has_value());
  }

  std::vector<std::string> named(const std::string& beginning) {
    std::vector<std::string> all;
    for (const auto& one : Tables(*x_store, 100).named(beginning, 2)) all.push_back(one->id.str());
    return all;
  }

  std::vector<std::string> ids(const Filter& filter, std::size_t limit = 100, std::size_t scan_rows_max = 10'000) {
    std::vector<std::string> all;
    std::string cursor;
    do {
      const auto page = Tables(*x_store, scan_rows_max).page(filter, cursor, limit);
      REQUIRE(page.has_value());
      CHECK(page->incidents.size() <= limit);
      for (const auto& one : page->incidents) all.push_back(one->id.str());
      cursor = page->next;
      ++x_pages;
    } while (!cursor.empty());
    return all;
  }
  std::vector<std::string> found(const std::string& query) {
    Filter filter;
    filter.query = query;
    return ids(filter);
  }
  [[nodiscard]] std::size_t pages() const { return x_pages; }
  [[nodiscard]] store::Store& stored() { return *x_store; }

 private:
  Folder x_folder;
  std::unique_ptr<store::Store> x_store;
  std::uint64_t x_offset = 0;
  std::size_t x_pages = 0;
};

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("search: words are found with and without diacritics, and marks that were typed are meant") {
  Board board;
  board.put(incident("0-a", kMorning, "Đường ngập nặng"));
  board.put(incident("0-b", kMorning + 1000, "Cây dương đổ"));
  board.put(incident("0-c", kMorning + 2000, "duong ngap qua"));
  CHECK(board.found("duong") == Ids{"0-c", "0-b", "0-a"});
  CHECK(board.found("DUONG ngap") == Ids{"0-c", "0-a"});
  CHECK(board.found("đường") == Ids{"0-c", "0-a"});
  CHECK(board.found("dương") == Ids{"0-c", "0-b"});
  CHECK(board.found("Đường ngập") == Ids{"0-c", "0-a"});
  CHECK(board.found("cháy").empty());
  CHECK(board.found("quang trung").size() == 3);
  CHECK(board.found("...").empty());
}

TEST_CASE("search: text that was changed is found by its new words only") {
  Board board;
  board.put(incident("0-a", kMorning, "Nắp cống mất"));
  CHECK(board.found("cống") == Ids{"0-a"});
  board.put(incident("0-a", kMorning, "Cây đổ", 2));
  CHECK(board.found("cống").empty());
  CHECK(board.found("cây đổ") == Ids{"0-a"});
}

TEST_CASE("pages: newest first, each incident once, whatever the page's size") {
  Board board;
  Ids expected;
  for (int i = 0; i < 57; ++i) {
    const std::string id = "0-" + std::to_string(1000 + i);
    board.put(incident(id, kMorning + (i / 2) * 1000));  // pairs of equal times
    expected.push_back(id);
  }
  const Ids whole = board.ids({}, 100);
  CHECK(whole.size() == expected.size());
  CHECK(whole.front().substr(0, 5) == "0-105");
  for (const std::size_t limit : {1U, 2U, 7U, 56U, 57U, 58U}) CHECK(board.ids({}, limit) == whole);
  Filter filter;
  filter.query = "cống";
  CHECK(board.ids(filter, 5) == whole);
}

TEST_CASE("pages: filters are exact, and their bounds are since <= opened < until") {
  Board board;
  for (int i = 0; i < 10; ++i) {
    Incident one = incident("0-" + std::to_string(i), kMorning + i * 1000);
    one.severity = i % 2 == 0 ? Severity::Critical : Severity::Info;
    one.state = i % 3 == 0 ? IncidentState::Closed : IncidentState::New;
    one.queue = QueueId(i < 5 ? "a" : "b");
    one.unit = UnitCode(i == 4 ? "X" : "Y");
    board.put(one);
  }
  Filter filter;
  filter.queue = "a";
  CHECK(board.ids(filter).size() == 5);
  filter.severities = {Severity::Critical};
  CHECK(board.ids(filter) == Ids{"0-4", "0-2", "0-0"});
  filter.states = {IncidentState::New};
  CHECK(board.ids(filter) == Ids{"0-4", "0-2"});
  filter.units = {"X"};
  CHECK(board.ids(filter) == Ids{"0-4"});
  Filter when;
  when.since = EventTime::from_ms(kMorning + 3000);
  when.until = EventTime::from_ms(kMorning + 6000);
  CHECK(board.ids(when) == Ids{"0-5", "0-4", "0-3"});
}

TEST_CASE("pages: one that looked at too many rows ends early, and its cursor goes on") {
  Board board;
  for (int i = 0; i < 50; ++i) {
    Incident one = incident("0-" + std::to_string(100 + i), kMorning + i * 1000);
    one.queue = QueueId(i == 0 ? "rare" : "usual");
    board.put(one);
  }
  Filter filter;
  filter.queue = "rare";
  CHECK(board.ids(filter, 10, 10) == Ids{"0-100"});
  CHECK(board.pages() >= 5);
}

TEST_CASE("pages: a made-up cursor is refused") {
  Board board;
  CHECK_FALSE(Tables(board.stored(), 10).page({}, "nonsense", 10).has_value());
  CHECK_FALSE(Tables(board.stored(), 10).page({}, "12", 10).has_value());
}

TEST_CASE("search: a tone is found wherever it was written, an assignee by name") {
  Board board;
  Incident one = incident("0-a", kMorning, "Rác ở chợ Hòa Bình");
  one.assignee = "hung.nv";
  board.put(one);
  CHECK(board.found("hoà bình") == Ids{"0-a"});
  CHECK(board.found("hung.nv") == Ids{"0-a"});
}

TEST_CASE("search: an incident is named by the beginning of its id, and by its report's id in whatever case") {
  Board board;
  board.put(incident("0-20211018-abcd", kMorning));
  board.put(incident("0-20211018-abef", kMorning));
  board.put(incident("0-20211019-xyz", kMorning));
  ReportStatus status;
  status.source = SourceId("citizen-app");
  status.report = ObjectId("TN-2021-77");
  status.incident = IncidentId("0-20211019-xyz");
  board.put(status);
  CHECK(board.named("0-20211018-abc") == Ids{"0-20211018-abcd"});
  CHECK(board.named("0-2021") == Ids{"0-20211018-abcd", "0-20211018-abef"});  // bounded
  CHECK(board.named("tn-2021-7") == Ids{"0-20211019-xyz"});
  CHECK(board.named("cống").empty());
}

TEST_CASE("pages: filters by assignee, and by nobody") {
  Board board;
  board.put(incident("0-a", kMorning));
  Incident one = incident("0-b", kMorning + 1);
  one.assignee = "hung";
  board.put(one);
  Filter filter;
  filter.assignee = "hung";
  CHECK(board.ids(filter) == Ids{"0-b"});
  filter.assignee = kNobody;
  CHECK(board.ids(filter) == Ids{"0-a"});
}
