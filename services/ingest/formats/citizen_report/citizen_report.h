#pragma once

#include "services/ingest/formats/format.h"

namespace ioc::ingest {

ParseResult parse_citizen_report(const boost::json::object& object, const ParseContext& context);

}  // namespace ioc::ingest
