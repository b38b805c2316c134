/** Gauge, which npm has no renderer for any more: an arc of our own, with Grafana's values, colours and repeating. */
import {
  FieldDisplay,
  formattedValueToString,
  getFieldDisplayValues,
  PanelProps,
  ReduceDataOptions,
  VizOrientation,
} from '@grafana/data';
import { useTheme2, VizRepeater } from '@grafana/ui';

interface Options {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  showThresholdMarkers: boolean;
}

export const GAUGE: Partial<Options> = {
  reduceOptions: { values: false, calcs: ['lastNotNull'] },
  orientation: VizOrientation.Auto,
  showThresholdMarkers: true,
};

const START = (Math.PI * 5) / 6;
const SWEEP = (Math.PI * 4) / 3;

/** The path of an arc around the origin, from a share of the sweep to another. */
function arc(radius: number, from: number, to: number): string {
  const [a, b] = [START + SWEEP * from, START + SWEEP * to];
  const large = b - a > Math.PI ? 1 : 0;
  return `M ${radius * Math.cos(a)} ${radius * Math.sin(a)} A ${radius} ${radius} 0 ${large} 1 ${radius * Math.cos(b)} ${radius * Math.sin(b)}`;
}

export function Gauge({
  options,
  data,
  fieldConfig,
  replaceVariables,
  timeZone,
  width,
  height,
  renderCounter,
}: PanelProps<Options>) {
  const theme = useTheme2();
  const values = () =>
    getFieldDisplayValues({
      fieldConfig,
      reduceOptions: options.reduceOptions,
      replaceVariables,
      theme,
      data: data.series,
      timeZone,
    });
  return (
    <VizRepeater<FieldDisplay>
      getValues={values}
      source={data}
      autoGrid
      orientation={options.orientation}
      width={width}
      height={height}
      renderCounter={renderCounter}
      renderValue={({ value, ...size }) => (
        <Dial
          value={value}
          width={size.width}
          height={size.height}
          empty={theme.colors.background.secondary}
          text={theme.colors.text.primary}
        />
      )}
    />
  );
}

function Dial({
  value,
  width,
  height,
  empty,
  text,
}: {
  value: FieldDisplay;
  width: number;
  height: number;
  empty: string;
  text: string;
}) {
  const radius = Math.max(8, Math.min(width / 2.4, height / 2.2));
  const [min, max] = [value.field.min ?? 0, value.field.max ?? 100];
  const share = Math.min(1, Math.max(0, (value.display.numeric - min) / (max - min)));
  return (
    <svg
      data-marks={1}
      width={width}
      height={height}
      viewBox={`${-width / 2} ${-height * 0.58} ${width} ${height}`}
    >
      <path d={arc(radius, 0, 1)} stroke={empty} strokeWidth={radius / 4} fill="none" />
      {share > 0 && (
        <path d={arc(radius, 0, share)} stroke={value.display.color} strokeWidth={radius / 4} fill="none" />
      )}
      <text textAnchor="middle" dominantBaseline="middle" fontSize={radius / 2.6} fill={value.display.color}>
        {formattedValueToString(value.display)}
      </text>
      <text textAnchor="middle" y={radius * 0.62} fontSize={Math.min(14, radius / 4)} fill={text}>
        {value.display.title}
      </text>
    </svg>
  );
}
