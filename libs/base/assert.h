// An always-on assert: a broken invariant is a bug, and going on would write it to disk.
#pragma once

#include <cstdio>
#include <cstdlib>

#define IOC_ASSERT(condition)                                                                      \
  do {                                                                                             \
    if (!(condition)) [[unlikely]] {                                                               \
      std::fprintf(stderr, "%s:%d: invariant broken: %s\n", __FILE__, __LINE__, #condition);       \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)
