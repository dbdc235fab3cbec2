// Values are evolved by adding fields only (DESIGN 3): every field that once was on the wire keeps its number and type.
// tests/libs/domain/schema.txt lists them; a new field is added there, a line that changes or goes is a break.
#include <google/protobuf/descriptor.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iostream>
#include <set>
#include <string>

#include "ioc/v1/command.pb.h"
#include "ioc/v1/decision.pb.h"
#include "ioc/v1/event.pb.h"
#include "ioc/v1/incident.pb.h"
#include "ioc/v1/output.pb.h"
#include "ioc/v1/record.pb.h"
#include "ioc/v1/state.pb.h"

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FileDescriptor;

void list(const Descriptor* message, std::set<std::string>& lines) {
  for (int i = 0; i < message->field_count(); ++i) {
    const auto* field = message->field(i);
    lines.insert(message->full_name() + " " + std::to_string(field->number()) + " " + field->type_name() +
                 (field->is_map() ? " map" : field->is_repeated() ? " repeated" : ""));
  }
  for (int i = 0; i < message->nested_type_count(); ++i) list(message->nested_type(i), lines);
}

void list(const EnumDescriptor* type, std::set<std::string>& lines) {
  for (int i = 0; i < type->value_count(); ++i) {
    lines.insert(type->full_name() + " " + std::to_string(type->value(i)->number()) + " = " + type->value(i)->name());
  }
}

std::set<std::string> schema_now() {
  std::set<std::string> lines;
  for (const FileDescriptor* file :
       {ioc::v1::Event::descriptor()->file(), ioc::v1::Command::descriptor()->file(), ioc::v1::Record::descriptor()->file(),
        ioc::v1::Incident::descriptor()->file(), ioc::v1::Decision::descriptor()->file(),
        ioc::v1::FeedEntry::descriptor()->file(), ioc::v1::ControlEntry::descriptor()->file()}) {
    for (int i = 0; i < file->message_type_count(); ++i) list(file->message_type(i), lines);
    for (int i = 0; i < file->enum_type_count(); ++i) list(file->enum_type(i), lines);
  }
  return lines;
}

}  // namespace

TEST_CASE("schema: no field or enumerator that was on the wire has changed or gone") {
  std::ifstream in(IOC_SCHEMA_FILE);
  REQUIRE(in);
  const auto now = schema_now();
  std::set<std::string> kept;
  for (std::string line; std::getline(in, line);) {
    CAPTURE(line);
    CHECK(now.count(line) == 1);
    kept.insert(line);
  }
  for (const std::string& line : now) {
    if (kept.count(line) == 1) continue;
    std::cout << "add to tests/libs/domain/schema.txt: " << line << '\n';
    FAIL_CHECK("new on the wire: " << line);
  }
}

TEST_CASE("schema: nothing on the wire is a map or a floating-point number") {
  for (const std::string& line : schema_now()) {
    CAPTURE(line);
    CHECK(line.find(" double") == std::string::npos);
    CHECK(line.find(" float") == std::string::npos);
    CHECK(line.find(" map") == std::string::npos);
  }
}
