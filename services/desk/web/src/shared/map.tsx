// The province in our own outlines: no tiles, nothing from another host. Fixed on the wall, draggable on the desk.

import L from 'leaflet';
import 'leaflet/dist/leaflet.css';
import { useEffect, useRef } from 'preact/hooks';
import type { Severity } from '../live/wire';
import { joined, type Label } from './map_labels';
import { kShapePath } from './severity';

export interface UnitMark {
  code: string;
  open: number;
  worst: Severity;
}

const kColour: Record<Severity, string> = { critical: '#d55e00', high: '#e69f00', medium: '#f0e442', info: '#56b4e9' };
const kQuiet: L.PathOptions = { color: '#7f8992', weight: 1, fillColor: '#353a3f', fillOpacity: 1, interactive: false };

export interface MapProps {
  outlines: GeoJSON.FeatureCollection | null;
  marks: UnitMark[];
  point?: { lat: number; lon: number } | null; // a single incident (desk)
  focus?: string; // code of the unit to look at (desk)
  fixed: boolean;
  label: string; // for those who cannot see it
}

export function UnitMap(props: MapProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<MapView | null>(null);
  useEffect(() => {
    const made = (view.current = new MapView(place.current!, props.fixed));
    const resized = new ResizeObserver(() => made.resized());
    resized.observe(place.current!);
    return () => {
      resized.disconnect();
      made.remove();
    };
  }, [props.fixed]);
  useEffect(() => view.current?.show(props), [props.outlines, props.marks, props.point?.lat, props.point?.lon, props.focus]);
  return <div class="map" ref={place} role="img" aria-label={props.label} />;
}

class MapView {
  private readonly x_map: L.Map;
  private x_outlines: GeoJSON.FeatureCollection | null = null;
  private x_layers = new Map<string, L.Polygon>();
  private x_bounds: L.LatLngBounds | null = null;
  private readonly x_marks = L.layerGroup();
  private x_props: MapProps | null = null;

  constructor(place: HTMLElement, fixed: boolean) {
    this.x_map = L.map(place, {
      attributionControl: false, zoomControl: !fixed, dragging: !fixed, keyboard: false, scrollWheelZoom: !fixed, doubleClickZoom: !fixed,
      touchZoom: !fixed, boxZoom: false, zoomSnap: 0, zoomAnimation: false, fadeAnimation: false, renderer: L.svg({ padding: 1 }),
    });
    this.x_map.setView([21.6, 105.84], 9);
    this.x_marks.addTo(this.x_map);
  }

  remove(): void {
    this.x_map.remove();
  }

  resized(): void {
    this.x_map.invalidateSize({ animate: false });
    this.fit();
    if (this.x_props) this.mark(this.x_props);
  }

  show(props: MapProps): void {
    const focused = this.x_props?.focus !== props.focus || this.x_props?.point?.lat !== props.point?.lat;
    this.x_props = props;
    if (props.outlines !== this.x_outlines) this.draw(props.outlines);
    if (focused || props.outlines !== this.x_outlines) this.fit();
    this.x_outlines = props.outlines;
    this.colour(props);
    this.mark(props);
  }

  private draw(outlines: GeoJSON.FeatureCollection | null): void {
    for (const layer of this.x_layers.values()) layer.remove();
    this.x_layers.clear();
    this.x_bounds = null;
    if (!outlines?.features.length) return;
    const all = L.geoJSON(outlines, {
      style: kQuiet,
      interactive: false,
      onEachFeature: (feature, layer) => this.x_layers.set(String(feature.properties?.code), layer as L.Polygon),
    });
    all.addTo(this.x_map);
    this.x_bounds = all.getBounds();
    this.fit();
  }

  /** A map that is not shown has no size, and nothing to fit into. */
  private hasRoom(): boolean {
    const { x, y } = this.x_map.getSize();
    return x > 0 && y > 0;
  }

  private fit(): void {
    if (!this.hasRoom()) return;
    const focus = this.x_props?.focus ? this.x_layers.get(this.x_props.focus) : undefined;
    const point = this.x_props?.point;
    if (focus) this.x_map.fitBounds(focus.getBounds().pad(0.4), { animate: false });
    else if (point) this.x_map.setView([point.lat, point.lon], 13, { animate: false });
    else if (this.x_bounds) this.x_map.fitBounds(this.x_bounds, { animate: false, padding: [4, 4] });
  }

  private colour(props: MapProps): void {
    const worst = new Map(props.marks.map((mark) => [mark.code, mark.worst]));
    for (const [code, layer] of this.x_layers) {
      const severity = worst.get(code);
      if (severity) layer.setStyle({ ...kQuiet, fillColor: kColour[severity], fillOpacity: 0.75, color: '#14171a', weight: 1.5 });
      else if (code === props.focus) layer.setStyle({ ...kQuiet, color: '#f2f4f5', weight: 2 });
      else layer.setStyle(kQuiet);
    }
  }

  // One label a place; labels that would cover each other become one with their sum.
  private mark(props: MapProps): void {
    this.x_marks.clearLayers();
    if (!this.hasRoom()) return;
    const fontPx = parseFloat(getComputedStyle(this.x_map.getContainer()).fontSize);
    for (const label of joined(this.labels(props.marks), fontPx)) {
      const icon = L.divIcon({ className: `map-count map-count-${label.worst}`, html: countHtml(label), iconSize: undefined });
      L.marker(this.x_map.containerPointToLatLng([label.x, label.y]), { icon, interactive: false, keyboard: false }).addTo(this.x_marks);
    }
    if (props.point) L.circleMarker([props.point.lat, props.point.lon], { radius: 8, color: '#f2f4f5', weight: 3, fillColor: '#14171a', fillOpacity: 1, interactive: false }).addTo(this.x_marks);
  }

  private labels(marks: UnitMark[]): Label[] {
    return marks.flatMap((mark) => {
      const layer = this.x_layers.get(mark.code);
      if (!layer) return [];
      const { x, y } = this.x_map.latLngToContainerPoint(layer.getBounds().getCenter());
      return [{ x, y, open: mark.open, worst: mark.worst }];
    });
  }
}

function countHtml(label: Label): string {
  return `<svg class="shape shape-${label.worst}" viewBox="0 0 10 10"><path d="${kShapePath[label.worst]}"/></svg>${label.open}`;
}
