/** Geomap, which npm has no renderer for: its markers, by their places, without a map behind them. */
import { DataFrame, Field, getFieldDisplayName, PanelProps } from '@grafana/data';
import { useTheme2 } from '@grafana/ui';

import { Nothing } from './nothing';

interface Dimension {
  field?: string;
  fixed?: number | string;
  min?: number;
  max?: number;
}
interface Layer {
  name?: string;
  config?: { style?: { color?: Dimension; size?: Dimension; text?: Dimension; opacity?: number } };
  location?: { mode?: string; latitude?: string; longitude?: string };
}
interface Options {
  layers: Layer[];
}

export const MAP: Partial<Options> = { layers: [{}] };

interface Marker {
  x: number;
  y: number;
  color: string;
  size: number;
  text: string;
}

const MERCATOR = (degrees: number) => Math.log(Math.tan(Math.PI / 4 + (degrees * Math.PI) / 360));

/** A field by its name or by what it is displayed as; without a name, by one of the usual ones. */
function fieldOf(frame: DataFrame, name: string | undefined, usual: string[] = []): Field | undefined {
  const names = name ? [name] : usual;
  return frame.fields.find(
    (each) =>
      names.includes(each.name.toLowerCase()) ||
      names.includes(each.name) ||
      names.includes(getFieldDisplayName(each, frame)),
  );
}

/** Between the least and the greatest size as the value is between those of its field. */
function sizeOf(size: Dimension | undefined, field: Field | undefined, value: unknown): number {
  if (!size?.field || !field) {
    return Number(size?.fixed ?? 5);
  }
  const values = field.values.map(Number).filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const [least, most] = [size.min ?? 2, size.max ?? 15];
  return least + ((most - least) * (Number(value) - low)) / (high - low || 1);
}

function markersOf(frame: DataFrame, layer: Layer): Marker[] {
  const latitude = fieldOf(frame, layer.location?.latitude, ['latitude', 'lat']);
  const longitude = fieldOf(frame, layer.location?.longitude, ['longitude', 'lon', 'lng']);
  if (!latitude || !longitude) {
    return [];
  }
  const style = layer.config?.style ?? {};
  const colored = fieldOf(frame, style.color?.field);
  const sized = fieldOf(frame, style.size?.field);
  const named = fieldOf(frame, style.text?.field);
  return Array.from({ length: frame.length }, (_, index) => ({
    x: (Number(longitude.values[index]) * Math.PI) / 180,
    y: -MERCATOR(Number(latitude.values[index])),
    color: colored?.display?.(colored.values[index]).color ?? String(style.color?.fixed ?? 'green'),
    size: sizeOf(style.size, sized, sized?.values[index]),
    text: named ? String(named.values[index]) : '',
  })).filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y));
}

export function Geomap({ options, data, width, height, fieldConfig }: PanelProps<Options>) {
  const theme = useTheme2();
  const markers = options.layers.flatMap((layer) => data.series.flatMap((frame) => markersOf(frame, layer)));
  if (markers.length === 0) {
    return <Nothing width={width} height={height} text={fieldConfig.defaults.noValue ?? 'No data'} />;
  }
  const [left, right] = [Math.min(...markers.map(({ x }) => x)), Math.max(...markers.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...markers.map(({ y }) => y)), Math.max(...markers.map(({ y }) => y))];
  const margin = 40;
  const scale = Math.min(
    (width - 2 * margin) / (right - left || 1),
    (height - 2 * margin) / (bottom - top || 1),
  );
  const px = (x: number) => width / 2 + (x - (left + right) / 2) * scale;
  const py = (y: number) => height / 2 + (y - (top + bottom) / 2) * scale;
  return (
    <svg
      data-marks={markers.length}
      width={width}
      height={height}
      style={{ background: theme.colors.background.secondary }}
    >
      {markers.map((each, index) => (
        <g key={index}>
          <circle
            cx={px(each.x)}
            cy={py(each.y)}
            r={each.size}
            fill={theme.visualization.getColorByName(each.color)}
            fillOpacity={0.7}
            stroke={theme.visualization.getColorByName(each.color)}
          />
          {each.text && (
            <text
              x={px(each.x) + each.size + 3}
              y={py(each.y)}
              dominantBaseline="middle"
              fontSize={11}
              fill={theme.colors.text.secondary}
            >
              {each.text}
            </text>
          )}
        </g>
      ))}
    </svg>
  );
}
