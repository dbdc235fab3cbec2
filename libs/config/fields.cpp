#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "libs/config/address.h"
#include "libs/config/config.h"

namespace ioc::config {
namespace {

struct DurationUnit {
  std::string_view suffix;
  std::int64_t ms;
};
constexpr DurationUnit kDurationUnits[] = {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}};

std::optional<Millis> parse_duration(std::string_view text) {
  std::int64_t count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count < 0) return std::nullopt;
  const std::string_view suffix(end, static_cast<std::size_t>(text.data() + text.size() - end));
  for (const DurationUnit& unit : kDurationUnits) {
    if (suffix == unit.suffix && count <= std::int64_t{1} << 40) return Millis(count * unit.ms);
  }
  return std::nullopt;
}

std::string format_duration(Millis value) {
  const DurationUnit* best = &kDurationUnits[0];
  for (const DurationUnit& unit : kDurationUnits) {
    if (value.count() != 0 && value.count() % unit.ms == 0) best = &unit;
  }
  return std::to_string(value.count() / best->ms) + std::string(best->suffix);
}

class YamlFields final : public Fields {
 public:
  YamlFields(YAML::Node node, std::string path, const std::string& file, Mistakes& mistakes)
      : x_node(std::move(node)), x_path(std::move(path)), x_file(file), x_mistakes(mistakes) {
    if (x_node.IsDefined() && !x_node.IsNull() && !x_node.IsMap()) {
      mistake(x_node, x_path, "is not a mapping of keys to values; write `key: value` lines below it");
    }
  }

  void text(std::string_view name, std::string& value, std::string_view) override {
    if (const auto node = scalar(name)) value = node->Scalar();
  }

  void flag(std::string_view name, bool& value, std::string_view) override {
    const auto node = scalar(name);
    if (!node) return;
    if (node->Scalar() == "true") {
      value = true;
    } else if (node->Scalar() == "false") {
      value = false;
    } else {
      mistake(*node, key(name), "is \"" + node->Scalar() + "\"; write true or false");
    }
  }

  void number(std::string_view name, std::uint64_t& value, std::uint64_t min, std::uint64_t max,
              std::string_view) override {
    const auto node = scalar(name);
    if (!node) return;
    const std::string& text = node->Scalar();
    std::uint64_t read = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), read);
    if (error != std::errc() || end != text.data() + text.size()) {
      mistake(*node, key(name), "is \"" + text + "\"; write a whole number");
    } else if (read < min || read > max) {
      mistake(*node, key(name), "is " + text + "; it must be from " + std::to_string(min) + " to " + std::to_string(max));
    } else {
      value = read;
    }
  }

  void duration(std::string_view name, Millis& value, Millis min, Millis max, std::string_view) override {
    read_duration(name, value, min, max, false);
  }

  void duration_or_never(std::string_view name, Millis& value, Millis min, Millis max, std::string_view) override {
    read_duration(name, value, min, max, true);
  }

  void choice(std::string_view name, std::string& value, const std::vector<std::string>& allowed,
              std::string_view) override {
    const auto node = scalar(name);
    if (!node) return;
    if (std::find(allowed.begin(), allowed.end(), node->Scalar()) == allowed.end()) {
      std::string list;
      for (const std::string& one : allowed) list += (list.empty() || one.empty() ? "" : ", ") + one;
      mistake(*node, key(name), "is \"" + node->Scalar() + "\"; it must be one of: " + list);
    } else {
      value = node->Scalar();
    }
  }

  void address(std::string_view name, std::string& value, std::string_view) override {
    const auto node = scalar(name);
    if (!node) return;
    const auto read = parse_address(node->Scalar());
    if (read.has_error()) return mistake(*node, key(name), read.error().message);
    value = node->Scalar();
  }

  void texts(std::string_view name, std::vector<std::string>& values, std::string_view) override {
    const auto node = child(name);
    if (!node) return;
    if (!node->IsSequence()) return mistake(*node, key(name), "is not a list; write [one, two] or `- one` lines");
    values.clear();
    for (const YAML::Node& item : *node) {
      if (item.IsScalar()) {
        values.push_back(item.Scalar());
      } else {
        mistake(item, key(name), "has an entry that is not plain text");
      }
    }
  }

  void reserved(std::string_view name) override { child(name); }

  void finish() {
    if (!x_node.IsMap()) return;
    std::set<std::string> seen;
    for (const auto& entry : x_node) {
      const std::string name = entry.first.IsScalar() ? entry.first.Scalar() : "?";
      if (!seen.insert(name).second) {
        mistake(entry.first, key(name), "stands here twice; keep one");
      } else if (x_known.count(name) == 0) {
        std::string known;
        for (const std::string& one : x_known) known += (known.empty() ? "" : ", ") + one;
        mistake(entry.first, key(name), "is not a setting; known here: " + known);
      }
    }
  }

 protected:
  void within(std::string_view name, std::string_view, const std::function<void(Fields&)>& read) override {
    const auto node = child(name);
    YamlFields fields(node.value_or(YAML::Node()), key(name), x_file, x_mistakes);
    read(fields);
    fields.finish();
  }

  void each(std::string_view name, std::string_view, const std::function<void(Fields&)>& read) override {
    const auto node = child(name);
    if (!node) return;
    if (!node->IsSequence()) return mistake(*node, key(name), "is not a list; write `- key: value` entries");
    for (std::size_t i = 0; i < node->size(); ++i) {
      YamlFields fields((*node)[i], key(name) + "[" + std::to_string(i) + "]", x_file, x_mistakes);
      read(fields);
      fields.finish();
    }
  }

 private:
  void read_duration(std::string_view name, Millis& value, Millis min, Millis max, bool may_be_never) {
    const auto node = scalar(name);
    if (!node) return;
    if (may_be_never && node->Scalar() == "never") {
      value = Millis(0);
      return;
    }
    const auto read = parse_duration(node->Scalar());
    if (!read) {
      mistake(*node, key(name), "is \"" + node->Scalar() + "\"; write a duration such as 250ms, 30s, 15m, 72h or 400d" +
                                    (may_be_never ? ", or never" : ""));
    } else if (*read < min || *read > max) {
      mistake(*node, key(name), "is " + node->Scalar() + "; it must be from " + format_duration(min) + " to " + format_duration(max));
    } else {
      value = *read;
    }
  }

  std::optional<YAML::Node> child(std::string_view name) {
    x_known.emplace(name);
    if (!x_node.IsMap()) return std::nullopt;
    YAML::Node node = std::as_const(x_node)[std::string(name)];
    if (!node.IsDefined() || node.IsNull()) return std::nullopt;
    return node;
  }

  std::optional<YAML::Node> scalar(std::string_view name) {
    auto node = child(name);
    if (node && !node->IsScalar()) {
      mistake(*node, key(name), "is not a single value");
      return std::nullopt;
    }
    return node;
  }

  [[nodiscard]] std::string key(std::string_view name) const {
    return x_path.empty() ? std::string(name) : x_path + "." + std::string(name);
  }

  void mistake(const YAML::Node& at, const std::string& what, const std::string& why) {
    x_mistakes.push_back(x_file + ":" + std::to_string(at.Mark().line + 1) + ": " + (what.empty() ? "the file" : what) + " " + why);
  }

  YAML::Node x_node;
  std::string x_path;
  const std::string& x_file;
  Mistakes& x_mistakes;
  std::set<std::string> x_known;
};

// Prints the settings instead of reading them.
class DescribingFields final : public Fields {
 public:
  explicit DescribingFields(std::string indent, std::ostringstream& out) : x_indent(std::move(indent)), x_out(out) {}

  void text(std::string_view name, std::string& value, std::string_view help) override { line(name, '"' + value + '"', help); }
  void flag(std::string_view name, bool& value, std::string_view help) override { line(name, value ? "true" : "false", help); }
  void number(std::string_view name, std::uint64_t& value, std::uint64_t min, std::uint64_t max,
              std::string_view help) override {
    line(name, std::to_string(value), std::string(help) + " (" + std::to_string(min) + " to " + std::to_string(max) + ")");
  }
  void duration(std::string_view name, Millis& value, Millis min, Millis max, std::string_view help) override {
    line(name, format_duration(value), std::string(help) + " (" + format_duration(min) + " to " + format_duration(max) + ")");
  }
  void duration_or_never(std::string_view name, Millis& value, Millis min, Millis max, std::string_view help) override {
    line(name, value.count() == 0 ? "never" : format_duration(value),
         std::string(help) + " (" + format_duration(min) + " to " + format_duration(max) + ", or never)");
  }
  void choice(std::string_view name, std::string& value, const std::vector<std::string>& allowed,
              std::string_view help) override {
    std::string list;
    for (const std::string& one : allowed) list += (list.empty() || one.empty() ? "" : " | ") + one;
    line(name, value.empty() ? "\"\"" : value, std::string(help) + " (" + list + ")");
  }
  void address(std::string_view name, std::string& value, std::string_view help) override { text(name, value, help); }
  void texts(std::string_view name, std::vector<std::string>& values, std::string_view help) override {
    std::string list;
    for (const std::string& one : values) list += (list.empty() ? "" : ", ") + one;
    line(name, "[" + list + "]", help);
  }
  void reserved(std::string_view) override {}

 protected:
  void within(std::string_view name, std::string_view help, const std::function<void(Fields&)>& read) override {
    x_out << x_indent << "# " << help << "\n" << x_indent << name << ":\n";
    DescribingFields inner(x_indent + "  ", x_out);
    read(inner);
  }
  void each(std::string_view name, std::string_view help, const std::function<void(Fields&)>& read) override {
    x_out << x_indent << "# " << help << "; each entry:\n" << x_indent << "# " << name << ":\n";
    DescribingFields inner(x_indent + "#   ", x_out);
    read(inner);
  }

 private:
  void line(std::string_view name, const std::string& value, std::string_view help) {
    x_out << x_indent << name << ": " << value << "  # " << help << "\n";
  }

  std::string x_indent;
  std::ostringstream& x_out;
};

}  // namespace

Mistakes read_text(std::string_view yaml, std::string_view file_name, const std::function<void(Fields&)>& declare) {
  Mistakes mistakes;
  const std::string file(file_name);
  try {
    const auto documents = YAML::LoadAll(std::string(yaml));
    for (std::size_t i = 1; i < documents.size(); ++i) {
      if (documents[i].IsNull()) continue;
      mistakes.push_back(file + ":" + std::to_string(documents[i].Mark().line + 1) +
                         ": a second document begins here, and only the first is read; take out the `---` between them");
    }
    YamlFields fields(documents.empty() ? YAML::Node() : documents.front(), "", file, mistakes);
    declare(fields);
    fields.finish();
  } catch (const YAML::Exception& error) {
    mistakes.push_back(file + ":" + std::to_string(error.mark.line + 1) + ": the file is not YAML: " + error.msg);
  }
  return mistakes;
}

Mistakes read_file(const std::string& path, const std::function<void(Fields&)>& declare) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return {path + ":1: the file cannot be opened; check the path and the permissions"};
  std::ostringstream text;
  text << in.rdbuf();
  return read_text(text.str(), path, declare);
}

std::string describe(const std::function<void(Fields&)>& declare) {
  std::ostringstream out;
  DescribingFields fields("", out);
  declare(fields);
  return out.str();
}

}  // namespace ioc::config
