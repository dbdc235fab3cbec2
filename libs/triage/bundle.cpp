#include "libs/triage/bundle.h"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "libs/domain/wire.h"
#include "libs/triage/bundle_parts.h"

namespace ioc::triage {
namespace {

constexpr std::string_view kActivePrefix = "active/";
constexpr std::size_t kActiveKeyBytesMax = 32;

constexpr std::size_t kChunkBytes = 512 * 1024;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kPartsMax = 4096;

std::string blake2b_256_hex(std::string_view bytes) {
  std::array<unsigned char, kHashBytes> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                     nullptr, 0);
  std::string hex(2 * kHashBytes + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), hash.data(), hash.size());
  hex.pop_back();
  return hex;
}

std::string chunk_key(const std::string& hash, std::uint32_t index) {
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "/%06u", index);
  return hash + number.data();
}

std::size_t pieces_of(std::uint64_t size) { return std::max<std::size_t>(1, (size + kChunkBytes - 1) / kChunkBytes); }

Result<void> read_below(const std::filesystem::path& root, const std::string& prefix, std::vector<BundleFile>& files) {
  std::error_code error;
  for (auto at = std::filesystem::recursive_directory_iterator(root, error);
       !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    const std::string name = at->path().lexically_relative(root).generic_string();
    if (!at->is_regular_file() || name.find("/.") != std::string::npos || name.front() == '.') continue;
    std::ifstream in(at->path(), std::ios::binary);
    std::ostringstream content;
    if (!in || (in.peek() != std::ifstream::traits_type::eof() && !(content << in.rdbuf()))) {
      return permanent("cannot read " + at->path().string() + "; check its permissions");
    }
    files.push_back({prefix + name, std::move(content).str()});
  }
  if (error) return permanent("cannot read the folder " + root.string() + ": " + error.message() + "; give a bundle's folder");
  return {};
}

}  // namespace

Result<std::vector<BundleFile>> read_bundle(const std::string& bundle_folder, const std::string& units_folder) {
  std::vector<BundleFile> files;
  if (auto read = read_below(bundle_folder, "", files); !read) return read.error();
  std::vector<BundleFile> units;
  if (!units_folder.empty()) {
    if (auto read = read_below(units_folder, "units/", units); !read) return read.error();
  }
  // Beside the units lie the notes and scripts that they are made with.
  for (BundleFile& file : units) {
    if (geo::Units::reads(std::string_view(file.name).substr(6))) files.push_back(std::move(file));
  }
  std::erase_if(files, [](const BundleFile& file) { return file.name == "README.md"; });
  std::sort(files.begin(), files.end(), [](const BundleFile& a, const BundleFile& b) { return a.name < b.name; });
  return files;
}

Result<std::vector<BundleFile>> read_bundle_folder(const std::string& folder) {
  const std::filesystem::path root = std::filesystem::path(folder).lexically_normal();
  const auto parent = root.has_filename() ? root.parent_path() : root.parent_path().parent_path();
  std::error_code none;
  const auto beside = parent / "units";
  const bool inside = std::filesystem::is_directory(root / "units", none);
  return read_bundle(folder, !inside && std::filesystem::is_directory(beside, none) ? beside.string() : "");
}

PackedBundle pack(const std::vector<BundleFile>& files) {
  std::vector<const BundleFile*> sorted;
  for (const BundleFile& file : files) sorted.push_back(&file);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) { return a->name < b->name; });

  std::vector<wire::BundlePart> parts;
  std::uint32_t count = 1;
  for (const BundleFile* file : sorted) {
    parts.push_back({file->name, blake2b_256_hex(file->content), file->content.size()});
    count += static_cast<std::uint32_t>(pieces_of(file->content.size()));
  }
  const std::string manifest = wire::encode_manifest(parts);
  PackedBundle packed;
  packed.hash = blake2b_256_hex(manifest);
  const auto add = [&](const std::string& part, std::uint32_t part_index, std::string content) {
    const auto index = static_cast<std::uint32_t>(packed.chunks.size());
    packed.chunks.push_back({chunk_key(packed.hash, index),
                             wire::encode(wire::BundleChunk{packed.hash, index, count, part, part_index, std::move(content)})});
  };
  add("", 0, manifest);
  for (const BundleFile* file : sorted) {
    for (std::size_t piece = 0; piece < pieces_of(file->content.size()); ++piece) {
      add(file->name, static_cast<std::uint32_t>(piece), file->content.substr(piece * kChunkBytes, kChunkBytes));
    }
  }
  return packed;
}

std::vector<std::string> subscriber_ids(const Bundle& bundle) {
  std::vector<std::string> ids;
  for (const Subscription& subscription : bundle.subscriptions) ids.push_back(subscription.id.str());
  return ids;
}

struct BundleAssembler::State {
  struct Partial {
    std::optional<std::vector<wire::BundlePart>> manifest;
    std::map<std::pair<std::string, std::uint32_t>, std::string> pieces;  // part, piece
    std::vector<BundleFile> files;                                         // once all are there and verified
  };
  std::map<std::string, Partial, std::less<>> bundles;
  std::map<std::string, std::string, std::less<>> active;  // by key

  // Corrupt when all pieces of a part are there and it is not what the manifest says.
  static Result<void> complete(const std::string& hash, Partial& partial) {
    if (!partial.manifest || !partial.files.empty()) return {};
    std::vector<BundleFile> files;
    for (const wire::BundlePart& part : *partial.manifest) {
      BundleFile file{part.name, {}};
      for (std::uint32_t piece = 0; piece < pieces_of(part.size_bytes); ++piece) {
        const auto at = partial.pieces.find({part.name, piece});
        if (at == partial.pieces.end()) return {};
        file.content += at->second;
      }
      if (file.content.size() != part.size_bytes || blake2b_256_hex(file.content) != part.hash) {
        for (std::uint32_t piece = 0; piece < pieces_of(part.size_bytes); ++piece) partial.pieces.erase({part.name, piece});
        return corrupt("part " + part.name + " of bundle " + hash + " does not have its hash; append the bundle again");
      }
      files.push_back(std::move(file));
    }
    partial.files = std::move(files);
    partial.pieces.clear();
    return {};
  }
};

BundleAssembler::BundleAssembler() : x_state(std::make_unique<State>()) {}
BundleAssembler::~BundleAssembler() = default;

std::string active_key(PartitionId partition) { return std::string(kActivePrefix) + std::to_string(partition.value()); }

std::string BundleAssembler::active(PartitionId partition) const {
  const auto at = x_state->active.find(active_key(partition));
  return at == x_state->active.end() ? std::string() : at->second;
}

Result<void> BundleAssembler::add(std::string_view key, std::string_view value) {
  if (key.starts_with(kActivePrefix)) {
    if (value.size() != 2 * kHashBytes || key.size() > kActiveKeyBytesMax) return corrupt("the mark of an active bundle names no hash");
    x_state->active.insert_or_assign(std::string(key), std::string(value));
    return {};
  }
  auto decoded = wire::decode_bundle_chunk(value);
  if (!decoded) return corrupt("a bundle chunk cannot be read: " + decoded.error().message);
  wire::BundleChunk& chunk = decoded.value();
  if (chunk.content.size() > kChunkBytes || chunk.bundle.size() != 2 * kHashBytes) {
    return corrupt("a bundle chunk is larger than 512 KiB or names no hash; append the bundle again");
  }
  State::Partial& partial = x_state->bundles[chunk.bundle];
  if (!partial.files.empty()) return {};
  if (chunk.part.empty()) {
    if (blake2b_256_hex(chunk.content) != chunk.bundle) {
      return corrupt("the manifest of bundle " + chunk.bundle + " does not have its hash; append the bundle again");
    }
    auto manifest = wire::decode_manifest(chunk.content);
    if (!manifest || manifest.value().size() > kPartsMax) {
      return corrupt("the manifest of bundle " + chunk.bundle + " cannot be read; append the bundle again");
    }
    partial.manifest = std::move(manifest.value());
  } else if (partial.pieces.size() < kPartsMax) {
    partial.pieces.insert_or_assign({std::move(chunk.part), chunk.part_index}, std::move(chunk.content));
  }
  return State::complete(chunk.bundle, partial);
}

bool BundleAssembler::has(std::string_view hash) const {
  const auto at = x_state->bundles.find(hash);
  return at != x_state->bundles.end() && !at->second.files.empty();
}

std::vector<BundleFile> BundleAssembler::files(std::string_view hash) const {
  const auto at = x_state->bundles.find(hash);
  return at == x_state->bundles.end() ? std::vector<BundleFile>{} : at->second.files;
}

}  // namespace ioc::triage
