// The invented province behind the mock: units, incidents, queues, feeds, and what commands do to them.

const kKinds = [
  ['ha-tang', 'Nắp cống mất trước số nhà 12, tổ 5', 'high', 'ha-tang'],
  ['ha-tang', 'Ổ gà sâu giữa đường Quang Trung', 'medium', 'ha-tang'],
  ['chieu-sang-dien', 'Đèn đường tắt cả dãy, ngõ 108', 'medium', 'ha-tang'],
  ['cap-thoat-nuoc', 'Ngập sâu đoạn cầu vượt QL3', 'high', 'ha-tang'],
  ['giao-thong', 'Dừng xe trái phép: camera Lương Ngọc Quyến 01', 'medium', 'giao-thong'],
  ['giao-thong', 'Tai nạn giao thông tại nút Km12+300 QL3', 'critical', 'khan-cap'],
  ['moi-truong', 'Rác tồn đọng ba ngày ở chợ Đồng Quang', 'medium', 'moi-truong'],
  ['moi-truong', 'Khói đốt rác khu dân cư, mùi khét', 'medium', 'moi-truong'],
  ['an-ninh-trat-tu', 'Đánh nhau trước cổng KCN Yên Bình', 'critical', 'khan-cap'],
  ['y-te-dich-benh', 'Chốt CK03: xe quay đầu né chốt', 'high', 'y-te'],
  ['y-te-dich-benh', 'Tụ tập đông người trong khu cách ly', 'high', 'y-te'],
  ['trat-tu-do-thi', 'Lấn chiếm vỉa hè bán hàng', 'info', 'do-thi'],
  ['tieng-on', 'Hát karaoke quá 22h', 'info', 'do-thi'],
  ['hanh-chinh-can-bo', 'Chậm trả kết quả hồ sơ một cửa', 'info', 'hanh-chinh'],
];
const kCategories = [
  { code: 'ha-tang', name: 'Hạ tầng', sub_kinds: [{ code: 'o-ga', name: 'Ổ gà, mặt đường hỏng' }, { code: 'nap-cong', name: 'Nắp cống, hố ga' }] },
  { code: 'giao-thong', name: 'Giao thông', sub_kinds: [{ code: 'tai-nan', name: 'Tai nạn, va chạm' }, { code: 'do-xe', name: 'Dừng, đỗ xe sai quy định' }] },
  ...[...new Set(kKinds.map((kind) => kind[0]))].filter((code) => !['ha-tang', 'giao-thong'].includes(code)).map((code) => ({ code, name: code, sub_kinds: [] })),
];
const kSubKindOf = { 'Nắp cống': 'nap-cong', 'Ổ gà': 'o-ga', 'Tai nạn': 'tai-nan', 'Dừng xe': 'do-xe' };
const subKindOf = (category, title) => kCategories.find((one) => one.code === category)?.sub_kinds.find((one) => one.code === kSubKindOf[Object.keys(kSubKindOf).find((words) => title.startsWith(words))]) ?? null;
const kQueues = { 'khan-cap': 'Trực khẩn cấp', 'ha-tang': 'Hạ tầng – đô thị', 'giao-thong': 'Giao thông', 'moi-truong': 'Môi trường', 'y-te': 'Y tế – dịch bệnh', 'do-thi': 'Trật tự đô thị', 'hanh-chinh': 'Hành chính' };
const kFeeds = [['citizen-reports', 'Phản ánh C-ThaiNguyen', 900], ['camera-alerts', 'Camera', 60], ['checkpoint-passages', 'Chốt kiểm dịch', 60], ['online-mentions', 'Thông tin trên mạng', 1800], ['indicators', 'Chỉ số chuyển đổi số', 86400]];
const kStates = ['new', 'new', 'verifying', 'forwarded', 'accepted', 'in_progress'];
const iso = (ms) => new Date(ms + 7 * 3600_000).toISOString().replace('Z', '+07:00');

function gridOutlines() {
  const features = [];
  for (let i = 0; i < 6; ++i)
    for (let j = 0; j < 5; ++j) {
      const [x, y] = [105.5 + j * 0.15, 21.35 + i * 0.22];
      features.push({ type: 'Feature', properties: { code: `g${i}${j}`, name: `Xã ${i}-${j}`, kind: 'commune' }, geometry: { type: 'Polygon', coordinates: [[[x, y], [x + 0.15, y], [x + 0.15, y + 0.22], [x, y + 0.22], [x, y]]] } });
    }
  return { type: 'FeatureCollection', features };
}

function centreOf(feature) {
  const ring = feature.geometry.type === 'Polygon' ? feature.geometry.coordinates[0] : feature.geometry.coordinates.map((p) => p[0]).sort((a, b) => b.length - a.length)[0];
  const sum = ring.reduce((a, p) => [a[0] + p[0], a[1] + p[1]], [0, 0]);
  return { lat: sum[1] / ring.length, lon: sum[0] / ring.length };
}

export function makeWorld({ random, outlines, count, now }) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const features = (outlines ?? gridOutlines()).features.map((f) => ({ ...f, properties: { code: String(f.properties.gso_code ?? f.properties.code), name: f.properties.name, kind: f.properties.kind ?? 'commune' } }));
  const units = features.map((f) => ({ code: f.properties.code, name: f.properties.name, kind: f.properties.kind, parent: '19', valid_from: '2025-07-01', valid_until: null, centre: centreOf(f) }));
  const south = units.filter((u) => u.centre.lat < 21.7);
  const city = units.filter((u) => Math.hypot(u.centre.lat - 21.58, u.centre.lon - 105.84) < 0.1);
  const incidents = new Map();
  const decisions = new Map();
  const silent = new Map([['checkpoint-passages', 3 * 60_000]]);
  let serial = 0;

  function open(severity, at = now()) {
    const kind = pick(severity ? kKinds.filter((k) => k[2] === severity) : random() < 0.7 ? kKinds.filter((k) => k[2] !== 'critical') : kKinds);
    const unit = random() < 0.05 ? null : pick(random() < 0.6 && city.length ? city : south.length ? south : units);
    const reports = random() < 0.3 ? 2 + Math.floor(random() * 11) : 1;
    const id = `0-demo-${String(++serial).padStart(5, '0')}`;
    const lat = unit && unit.centre.lat + (random() - 0.5) * 0.02;
    const lon = unit && unit.centre.lon + (random() - 0.5) * 0.02;
    const incident = {
      id, version: 1, revision: 1, state: 'new', acknowledged_at: null, category: kind[0], category_name: undefined, sub_kind: subKindOf(kind[0], kind[1]), further_categories: [], severity: kind[2],
      emergency: kind[2] === 'critical', title: kind[1], summary: `${kind[1]}. Người dân báo nhiều lần, đề nghị kiểm tra.`, position: unit && { lat, lon, source: 'reported' },
      unit: unit && { code: unit.code, name: unit.name }, place_state: unit ? 'inside' : 'unknown', area: 'thai-nguyen', address: unit ? 'Số 12, tổ 5' : '', opened_at: iso(at), received_at: iso(at + 700),
      updated_at: iso(at + 700), last_event_at: iso(at), queue: kind[3], queue_name: kQueues[kind[3]], assignee: '', forwarded_units: [],
      clocks: [{ kind: 'forward', due_at: iso(at + 3600_000), state: now() > at + 3600_000 ? 'breached' : 'running' }, { kind: 'resolve', due_at: iso(at + 30 * 3600_000), state: 'running' }],
      sources: [{ feed: 'citizen-reports', events: reports }], reports, events: reports, occurrence: random() < 0.1 ? 7 : 1, suggestions: [], subscribers: unit && city.includes(unit) ? ['tp-thai-nguyen'] : [],
      newest_events: Array.from({ length: reports }, (_, i) => `ev-${id}-${i}`), outcome: '', chattering: false, ended: false,
    };
    incidents.set(id, incident);
    decisions.set(id, [
      { at: iso(at + 700), kind: 'located', event_id: `ev-${id}-0`, reason: 'place_of_first_event', rule: 'locate', candidates: [], details: { unit: unit?.code ?? '', how: 'inside_outline' } },
      { at: iso(at + 700), kind: 'classified', event_id: `ev-${id}-0`, reason: 'words_and_rules', rule: 'classify', candidates: [], details: { category: kind[0], severity: kind[2] } },
      { at: iso(at + 700), kind: 'opened', event_id: `ev-${id}-0`, reason: 'nothing_open_matches', rule: 'correlate', candidates: [{ incident_id: '0-demo-00001', score: 310, parts: [{ name: 'type', points: 200 }, { name: 'distance', points: 60 }, { name: 'text', points: 50 }], verdict: 'rejected:score' }], details: {} },
      ...incident.newest_events.slice(1).map((event, i) => ({ at: iso(at + 60_000 * (i + 1)), kind: 'joined', event_id: event, reason: 'score_above_join', rule: 'correlate', candidates: [{ incident_id: id, score: 870, parts: [{ name: 'type', points: 250 }, { name: 'distance', points: 300 }, { name: 'text', points: 220 }, { name: 'age', points: 100 }], verdict: 'joined' }], details: {} })),
    ]);
    return incident;
  }
  for (let i = 0; i < count; ++i) {
    const incident = open(undefined, now() - Math.floor(random() ** 3 * 26 * 3600_000) - 20_000);
    incident.state = pick(kStates);
    if (incident.state !== 'new' || random() < 0.3) incident.acknowledged_at = incident.updated_at;
  }

  const isOpen = (i) => !['rejected', 'merged', 'resolved', 'closed'].includes(i.state);
  function queues() {
    return Object.entries(kQueues).map(([queue, name]) => {
      const all = [...incidents.values()].filter((i) => i.queue === queue);
      const mine = all.filter(isOpen);
      const rate = all.filter((i) => now() - Date.parse(i.received_at) < 600_000).length;
      const unacknowledged = mine.filter((i) => !i.acknowledged_at);
      return {
        queue, name, open: mine.length, unacknowledged: unacknowledged.length,
        by_severity: Object.fromEntries(['critical', 'high', 'medium', 'info'].map((s) => [s, mine.filter((i) => i.severity === s).length])),
        oldest_unacknowledged_at: unacknowledged.map((i) => i.opened_at).sort()[0] ?? null, alarms_10min: rate,
        load: rate >= 10 ? 'flood' : rate > 2 ? 'unacceptable' : rate > 1 ? 'manageable' : 'acceptable',
      };
    });
  }
  const feeds = () => kFeeds.map(([feed, name, normal_interval_s]) => ({ feed, name, state: 'live', normal_interval_s, events_24h: 1200, last_event_at: iso(now() - (silent.get(feed) ?? 4000)) }));
  const indicators = () => [
    { code: 'files_online_share', name: 'Hồ sơ trực tuyến', unit: '19', unit_name: 'Tỉnh Thái Nguyên', value: 83.5, target: 90, measure: '%', period: '2026-10', as_of: '2026-11-01', history: [70, 74, 76, 80, 81, 83.5].map((value, i) => ({ as_of: `2026-0${i + 4}-01`, value })) },
    { code: 'digital_signatures', name: 'Văn bản ký số', unit: '19', unit_name: 'Tỉnh Thái Nguyên', value: 97.2, target: 95, measure: '%', period: '2026-10', as_of: '2026-11-01', history: [90, 91, 93, 95, 97, 97.2].map((value, i) => ({ as_of: `2026-0${i + 4}-01`, value })) },
    { code: 'reports_on_time', name: 'Phản ánh xử lý đúng hạn', unit: '19', unit_name: 'Tỉnh Thái Nguyên', value: 88, target: 95, measure: '%', period: '2026-10', as_of: '2026-11-01', history: [] },
  ];

  function find(query) {
    const fold = (text) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/đ/g, 'd').replace(/Đ/g, 'D').toLowerCase();
    const found = [...incidents.values()].filter((i) =>
      ['queue', 'category', 'severity'].every((name) => !query.get(name) || i[name] === query.get(name)) &&
      (!query.get('state') || (query.get('state') === 'open') === isOpen(i)) && (!query.get('assignee') || (i.assignee || '-') === query.get('assignee')) &&
      (!query.get('unit') || i.unit?.code === query.get('unit')) && (!query.get('since') || Date.parse(i.received_at) >= Date.parse(query.get('since'))) &&
      (!query.get('q') || fold(`${i.title} ${i.summary} ${i.id}`).includes(fold(query.get('q')))));
    found.sort((a, b) => (a.opened_at < b.opened_at ? 1 : -1));
    const from = Number(query.get('cursor') ?? 0);
    const limit = Math.min(Number(query.get('limit') ?? 50), 500);
    return { incidents: found.slice(from, from + limit), next: from + limit < found.length ? String(from + limit) : null };
  }

  function command(id, body) {
    const incident = incidents.get(id);
    if (body.version !== incident.version) return { status: 409, body: { type: 'about:blank', title: 'stale version', status: 409, incident } };
    const changed = [incident];
    const at = iso(now());
    const acts = {
      acknowledge: () => (incident.acknowledged_at = at),
      assign: () => { incident.queue = body.queue || incident.queue; incident.queue_name = kQueues[incident.queue]; incident.assignee = body.person ?? incident.assignee; },
      forward: () => { incident.state = 'forwarded'; incident.forwarded_units = [...new Set([...incident.forwarded_units, ...body.units])]; },
      relocate: () => { const unit = units.find((one) => one.code === body.units[0]); incident.unit = { code: unit.code, name: unit.name }; },
      resolve: () => { incident.state = 'resolved'; incident.outcome = body.outcome; },
      reopen: () => { incident.state = 'in_progress'; incident.outcome = ''; },
      comment: () => {},
      reclassify: () => {
        if (body.back_to_triage) { incident.category = incident.model_category; incident.sub_kind = null; incident.classified_by = ''; return; }
        if (body.sub_kind || body.category) incident.sub_kind = kCategories.find((one) => one.code === (body.category ?? incident.category))?.sub_kinds.find((one) => one.code === body.sub_kind) ?? null;
        incident.model_category ??= incident.category; incident.category = body.category ?? incident.category; incident.severity = body.severity ?? incident.severity; incident.classified_by = 'mock';
      },
      split: () => {
        const fresh = open();
        Object.assign(fresh, { title: incident.title, unit: incident.unit, position: incident.position, queue: incident.queue, severity: incident.severity, reports: body.events.length, events: body.events.length, newest_events: body.events, split_from: id });
        incident.newest_events = incident.newest_events.filter((event) => !body.events.includes(event));
        incident.reports -= body.events.length;
        incident.events -= body.events.length;
        changed.push(fresh);
      },
    };
    if (!acts[body.kind]) return { status: 422, body: { type: 'about:blank', title: 'unknown command', status: 422 } };
    acts[body.kind]();
    incident.version += 1;
    incident.revision += 1;
    incident.updated_at = at;
    decisions.get(id).push({ at, kind: body.kind === 'split' ? 'split' : 'command', actor: 'mock', reason: 'applied', candidates: [], details: { command: body.kind, text: body.text ?? '', events: (body.events ?? []).join(' ') } });
    return { status: 200, body: incident, changed };
  }

  // A report with the title of an open incident joins it.
  function report(body) {
    let incident = [...incidents.values()].find((one) => isOpen(one) && one.title === body.title);
    if (!incident) Object.assign((incident = open()), { title: body.title, newest_events: [], reports: 0, events: 0 });
    const event = `ev-${incident.id}-${body.report_id}`;
    incident.newest_events.push(event);
    incident.reports += 1;
    incident.events += 1;
    incident.revision += 1;
    if (incident.events > 1) {
      const parts = [{ name: 'type', points: 250 }, { name: 'distance', points: 300 }, { name: 'text', points: 320 }];
      decisions.get(incident.id).push({ at: iso(now()), kind: 'joined', event_id: event, reason: 'score_above_join', rule: '', candidates: [{ incident_id: incident.id, score: 870, parts, verdict: 'joined' }], details: {} });
    }
    return { event, incident };
  }

  return {
    report,
    incidentOf: (event) => [...incidents.values()].find((one) => one.newest_events.includes(event)),
    incidents, open, queues, feeds, indicators, find, command,
    categories: kCategories,
    outlines: { type: 'FeatureCollection', features },
    units: () => units.map((u) => ({ ...u, open_incidents: [...incidents.values()].filter((i) => isOpen(i) && i.unit?.code === u.code).length })),
    clock: () => ({ now: iso(now()), data_at: iso(now() - 300), demo: true, log_id: 'mock' }),
    silence: (feed) => silent.set(feed, 3600_000),
    eventsOf: (incident) => incident.newest_events.map((event, i) => ({ event_id: event, feed: 'citizen-reports', occurred_at: iso(Date.parse(incident.opened_at) + i * 60_000), received_at: incident.received_at, title: incident.title, text: `Phản ánh thứ ${i + 1}: ${incident.title.toLowerCase()}, đề nghị xử lý.`, category: incident.category, address: incident.address })),
    decisionsOf: (incident) => decisions.get(incident.id),
  };
}
