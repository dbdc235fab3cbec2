// What all processes of one deployment share. In every configuration file under `deployment:`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "libs/config/config.h"

namespace ioc::config {

// A set of units that share one partition (DESIGN D6). By default the province is one area.
struct Area {
  std::string id = "thai-nguyen";
  std::uint64_t partition = 0;
  void declare(Fields& fields) {
    fields.text("id", id, "name of the area, as in the bundle's areas.yaml");
    fields.number("partition", partition, 0, 1023, "partition of every topic that this area's records are in");
  }
};

struct Deployment {
  std::string name = "ioc";
  std::string data = "data";
  std::string accounts;           // empty: <data>/accounts.yaml
  std::string identity_key_file;  // empty: <data>/identity.key
  std::string bundle_folder;      // empty: share/config/bundle beside the executable's folder
  std::string units_folder;       // empty: share/config/units
  bool demo = false;
  std::vector<Area> areas;        // empty: one area, partition 0

  void declare(Fields& fields) {
    fields.text("name", name, "prefix of groups and transactional ids: two deployments on one broker differ in it");
    fields.text("data", data, "folder for everything this process keeps on disk");
    fields.text("accounts", accounts, "accounts and tokens; empty: accounts.yaml in the data folder");
    fields.text("identity_key_file", identity_key_file,
                "32 random bytes as hex that event ids depend on; never change it; empty: identity.key in the data folder");
    fields.text("bundle_folder", bundle_folder, "rules that the first start on an empty log activates; empty: those that came with the program");
    fields.text("units_folder", units_folder, "administrative units that go into the same bundle; empty: those that came with it");
    fields.flag("demo", demo, "data are simulated: every page says so");
    fields.list("areas", areas, "areas and their partitions");
  }

  [[nodiscard]] std::string accounts_path() const { return accounts.empty() ? data + "/accounts.yaml" : accounts; }
  [[nodiscard]] std::string identity_key_path() const {
    return identity_key_file.empty() ? data + "/identity.key" : identity_key_file;
  }
  [[nodiscard]] std::string bundle_path() const;
  [[nodiscard]] std::string units_path() const;
  // One more than the highest partition of an area.
  [[nodiscard]] std::uint32_t partitions() const;
  [[nodiscard]] std::vector<Area> areas_or_default() const;
};

// What came with the program: <folder of the executable>/../share/<name>.
[[nodiscard]] std::string shared_path(const std::string& name);

}  // namespace ioc::config
