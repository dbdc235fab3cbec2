#include "libs/geo/distance.h"

#include <array>
#include <bit>
#include <cstdlib>

namespace ioc::geo {
namespace {

constexpr std::int64_t kDegreeE7 = 10'000'000;
constexpr std::int64_t kTurnE7 = 360 * kDegreeE7;

// cos of 0..91 degrees times 2^30, rounded; one more than 90 so that interpolation needs no special case.
constexpr std::array<std::int32_t, 92> kCosine = {
    1073741824, 1073578288, 1073087729, 1072270298, 1071126243, 1069655912, 1067859754, 1065738315, 1063292242,
    1060522280, 1057429273, 1054014162, 1050277989, 1046221891, 1041847103, 1037154959, 1032146887, 1026824413,
    1021189159, 1015242840, 1008987269, 1002424350, 995556083,  988384560,  980911966,  973140576,  965072759,
    956710970,  948057759,  939115760,  929887697,  920376381,  910584710,  900515665,  890172315,  879557810,
    868675383,  857528349,  846120104,  834454122,  822533958,  810363241,  797945680,  785285058,  772385229,
    759250125,  745883746,  732290163,  718473518,  704438018,  690187940,  675727625,  661061475,  646193961,
    631129609,  615873009,  600428808,  584801711,  568996477,  553017922,  536870912,  520560366,  504091252,
    487468587,  470697435,  453782903,  436730145,  419544355,  402230767,  384794656,  367241333,  349576144,
    331804471,  313931728,  295963357,  277904834,  259761657,  241539355,  223243478,  204879599,  186453311,
    167970228,  149435979,  130856211,  112236583,  93582766,   74900443,   56195305,   37473049,   18739379,
    0,          0,
};

std::int64_t short_way(std::int64_t lon_e7) {
  if (lon_e7 > kTurnE7 / 2) return lon_e7 - kTurnE7;
  if (lon_e7 < -kTurnE7 / 2) return lon_e7 + kTurnE7;
  return lon_e7;
}

}  // namespace

std::int64_t cosine_q30(std::int32_t lat_e7) noexcept {
  std::int64_t lat = std::abs(static_cast<std::int64_t>(lat_e7));
  if (lat > 90 * kDegreeE7) lat = 90 * kDegreeE7;
  const auto degree = static_cast<std::size_t>(lat / kDegreeE7);
  const std::int64_t rest = lat % kDegreeE7, low = kCosine[degree], high = kCosine[degree + 1];
  return low + (high - low) * rest / kDegreeE7;
}

std::uint64_t square_root(std::uint64_t value) noexcept {
  if (value == 0) return 0;
  // Newton from above: the first guess is no smaller than the root, and the sequence falls until it is there.
  std::uint64_t root = std::uint64_t{1} << (std::bit_width(value) + 1) / 2;
  for (;;) {
    const std::uint64_t next = (root + value / root) / 2;
    if (next >= root) return root;
    root = next;
  }
}

std::int64_t distance_dm(Position a, Position b) noexcept {
  const std::int64_t lat = std::abs(std::int64_t{a.lat_e7} - b.lat_e7);
  const std::int64_t lon = std::abs(short_way(std::int64_t{a.lon_e7} - b.lon_e7));
  const auto middle = static_cast<std::int32_t>((std::int64_t{a.lat_e7} + b.lat_e7) / 2);
  // Up to 2e9 cm each: the sum of the squares stays within 64 bits.
  const std::int64_t north_cm = lat * kMicroCmPerE7 / 1'000'000;
  const std::int64_t east_cm = (lon * kMicroCmPerE7 / 1'000'000) * cosine_q30(middle) >> 30;
  const auto squares = static_cast<std::uint64_t>(north_cm * north_cm) + static_cast<std::uint64_t>(east_cm * east_cm);
  return (static_cast<std::int64_t>(square_root(squares)) + 5) / 10;
}

Reach reach_of(Position centre, std::int64_t radius_dm) noexcept {
  const std::int64_t lat = (radius_dm + 1) * 10'000'000 / kMicroCmPerE7 + 1;
  // The narrow side of the box decides: the latitude farther from the equator.
  const std::int64_t far = std::abs(std::int64_t{centre.lat_e7}) + lat;
  const std::int64_t cosine = far >= 89 * kDegreeE7 ? cosine_q30(static_cast<std::int32_t>(89 * kDegreeE7))
                                                    : cosine_q30(static_cast<std::int32_t>(far));
  return {lat, (lat << 30) / cosine + 1};
}

}  // namespace ioc::geo
