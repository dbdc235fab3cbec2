#pragma once

#include "services/ingest/formats/format.h"

namespace ioc::ingest {

ParseResult parse_frigate_review(const boost::json::object& object, const ParseContext& context);

}  // namespace ioc::ingest
