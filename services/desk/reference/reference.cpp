#include "services/desk/reference/reference.h"

#include <algorithm>

#include "libs/config/config.h"

namespace ioc::desk::reference {
namespace {

struct QueueText : Queue {
  void declare(config::Fields& fields) {
    fields.text("id", id, "");
    fields.text("name", name, "");
    fields.text("group", group, "");
  }
};

struct NameText {
  std::string code, name;
  void declare(config::Fields& fields) {
    fields.text("code", code, "");
    fields.text("name", name, "");
  }
};

struct CategoryText : NameText {
  std::vector<NameText> sub_kinds;
  void declare(config::Fields& fields) {
    NameText::declare(fields);
    fields.list("sub_kinds", sub_kinds, "");
  }
};

struct SubscriptionText {
  std::string id, name;
  void declare(config::Fields& fields) {
    fields.text("id", id, "");
    fields.text("name", name, "");
  }
};

struct SourceText {
  std::string id, name, lat, lon;
  void declare(config::Fields& fields) {
    fields.text("id", id, "");
    fields.text("name", name, "");
    fields.text("lat", lat, "");
    fields.text("lon", lon, "");
  }
};

// The desk reads a part of each entry. What it does not know is triage's, which has checked the whole file before the
// bundle came into force; so only what is wrong with the keys read here is a problem.
bool is_unknown_key(const std::string& mistake) { return mistake.find("is not a setting") != std::string::npos; }

class Reader {
 public:
  Reader(const std::vector<triage::BundleFile>& files, std::vector<std::string>& problems)
      : x_files(files), x_problems(problems) {}

  template <class Declare>
  void operator()(std::string_view name, Declare&& declare) {
    const auto file = std::find_if(x_files.begin(), x_files.end(), [&](const auto& one) { return one.name == name; });
    if (file == x_files.end()) return;
    for (std::string& mistake : config::read_text(file->content, file->name, declare)) {
      if (!is_unknown_key(mistake)) x_problems.push_back(std::move(mistake));
    }
  }

 private:
  const std::vector<triage::BundleFile>& x_files;
  std::vector<std::string>& x_problems;
};

void add_sources(std::vector<SourceText>& texts, const char* kind, std::vector<Source>& to) {
  for (SourceText& text : texts) to.push_back({text.id, text.name, kind, text.lat, text.lon});
}

std::shared_ptr<const geo::Units> read_units(const std::vector<triage::BundleFile>& files,
                                             std::vector<std::string>& problems) {
  constexpr std::string_view kFolder = "units/";
  std::vector<std::pair<std::string, std::string>> parts;
  for (const triage::BundleFile& file : files) {
    if (file.name.starts_with(kFolder)) parts.emplace_back(file.name.substr(kFolder.size()), file.content);
  }
  return parts.empty() ? nullptr : geo::Units::parse(parts, problems);
}

}  // namespace

std::string Reference::queue_name(const std::string& id) const {
  const auto found = std::find_if(queues.begin(), queues.end(), [&](const Queue& queue) { return queue.id == id; });
  return found == queues.end() ? id : found->name;
}

std::string Reference::category_name(const std::string& code) const {
  const Category* found = category(code);
  return found == nullptr ? code : found->name;
}

std::string Reference::sub_kind_name(const std::string& of, const std::string& code) const {
  if (const Category* found = category(of)) {
    for (const SubKind& one : found->sub_kinds) {
      if (one.code == code) return one.name;
    }
  }
  return code;
}

const Category* Reference::category(const std::string& code) const {
  const auto found = std::find_if(categories.begin(), categories.end(), [&](const Category& one) { return one.code == code; });
  return found == categories.end() ? nullptr : &*found;
}

bool Category::has(const std::string& sub_kind) const {
  return std::any_of(sub_kinds.begin(), sub_kinds.end(), [&](const SubKind& one) { return one.code == sub_kind; });
}

std::string Reference::indicator_name(const std::string& code) const {
  const auto found = indicators.find(code);
  return found == indicators.end() ? code : found->second;
}

std::string_view feed_name(Feed feed) {
  switch (feed) {
    case Feed::CitizenReports: return "Phản ánh người dân";
    case Feed::CameraAlerts: return "Camera giám sát";
    case Feed::CheckpointPassages: return "Chốt kiểm soát";
    case Feed::OnlineMentions: return "Thông tin trên mạng";
    case Feed::Indicators: return "Chỉ số chuyển đổi số";
  }
  return "";
}

std::shared_ptr<const Reference> read(std::string hash, const std::vector<triage::BundleFile>& files,
                                      std::vector<std::string>& problems) {
  auto reference = std::make_shared<Reference>();
  reference->bundle = std::move(hash);
  Reader read_file(files, problems);
  std::vector<QueueText> queues;
  std::vector<CategoryText> categories;
  std::vector<NameText> indicators;
  std::vector<SubscriptionText> subscriptions;
  std::vector<SourceText> cameras, checkpoints;
  read_file("queues.yaml", [&](config::Fields& fields) { fields.list("queues", queues, ""); });
  read_file("categories.yaml", [&](config::Fields& fields) { fields.list("categories", categories, ""); });
  read_file("indicators.yaml", [&](config::Fields& fields) { fields.list("indicators", indicators, ""); });
  read_file("subscriptions.yaml", [&](config::Fields& fields) { fields.list("subscriptions", subscriptions, ""); });
  read_file("sources.yaml", [&](config::Fields& fields) {
    fields.list("cameras", cameras, "");
    fields.list("checkpoints", checkpoints, "");
  });
  reference->queues.assign(queues.begin(), queues.end());
  for (const CategoryText& category : categories) {
    Category& added = reference->categories.emplace_back(Category{category.code, category.name, {}});
    for (const NameText& one : category.sub_kinds) added.sub_kinds.push_back({one.code, one.name});
  }
  for (const NameText& indicator : indicators) reference->indicators.emplace(indicator.code, indicator.name);
  for (const SubscriptionText& subscription : subscriptions) {
    reference->subscriptions.emplace(subscription.id, subscription.name);
  }
  add_sources(cameras, "camera", reference->sources);
  add_sources(checkpoints, "checkpoint", reference->sources);
  reference->units = read_units(files, problems);
  return reference;
}

}  // namespace ioc::desk::reference
