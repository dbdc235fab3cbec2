#include "services/ingest/hide.h"

#include "libs/text/mask.h"
#include "services/ingest/formats/format.h"

namespace ioc::ingest {
namespace {

class Hider {
 public:
  Hider(Event& event, const Identity& identity) : x_event(event), x_identity(identity) {}

  void operator()(CitizenReport& report) {
    for (auto* text : {&report.title, &report.text, &report.address, &report.category, &report.channel}) hide_in_text(*text);
    for (Media& media : report.media) {
      hide_in_text(media.kind);
      hide_in_name(media.url);
      hide_in_name(media.sha256);
    }
    hide_id(report.follows);
  }

  void operator()(CameraAlert& alert) {
    // A plate that was written beside a label by hand.
    for (auto* text : {&alert.kind, &alert.zone, &alert.detector}) hide_in_text(*text);
    for (SeenObject& seen : alert.objects) hide_in_text(seen.label);
    hide_in_name(alert.snapshot);
    hide_id(alert.camera);
  }

  void operator()(CheckpointPassage& passage) {
    for (auto* text : {&passage.from_unit, &passage.to_unit, &passage.officer_unit}) hide_in_text(*text);
    hide_id(passage.checkpoint);
  }

  void operator()(CheckpointStatus& status) { hide_id(status.checkpoint); }

  void operator()(OnlineMention& mention) {
    hide_in_text(mention.topic);
    for (auto& place : mention.places) hide_in_text(place);
    hide_in_name(mention.link);
  }

  void operator()(Indicator& indicator) {
    hide_in_text(indicator.measure);
    for (auto* name : {&indicator.unit, &indicator.period, &indicator.as_of}) hide_in_name(*name);
    hide_id(indicator.code);
  }

  void hide_object() {
    std::string object = x_event.object.str();
    if (hide_id(object)) x_event.object = ObjectId(std::move(object));
  }

 private:
  void hide_in_text(std::string& text) { take(text, text::mask_personal(text)); }
  void hide_in_name(std::string& name) { take(name, text::mask_name(name)); }

  bool hide_id(std::string& id) {
    if (text::mask_name(id).hidden == 0) return false;
    id = x_identity.name_hash(id);
    add_flag(x_event, EventFlag::TextMasked);
    return true;
  }

  void take(std::string& text, text::Masked masked) {
    if (masked.hidden == 0) return;
    text = std::move(masked.text);
    add_flag(x_event, EventFlag::TextMasked);
  }

  Event& x_event;
  const Identity& x_identity;
};

}  // namespace

void hide_personal(Event& event, const Identity& identity) {
  Hider hider(event, identity);
  std::visit(hider, event.body);
  hider.hide_object();
}

}  // namespace ioc::ingest
