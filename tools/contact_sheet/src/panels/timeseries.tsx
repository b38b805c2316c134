/** Time series: Grafana's TimeSeries with its legend, of whatever numbers over time there are. */
import { applyNullInsertThreshold, DataFrame, Field, FieldType, PanelProps, TimeRange } from '@grafana/data';
import { VizLegendOptions } from '@grafana/schema';
import { TimeSeries as Plot } from '@grafana/ui';
import { useMemo } from 'react';

import { Marks } from './marks';
import { Nothing } from './nothing';

interface Options {
  legend: VizLegendOptions;
  timezone?: string[];
}

export const SERIES: Partial<Options> = {
  legend: {
    showLegend: true,
    displayMode: 'list',
    placement: 'bottom',
    calcs: [],
  } as unknown as VizLegendOptions,
};

/** As Grafana's panel does before it plots: what is not finite has no place on an axis, and one would take it away. */
function finite(field: Field): Field {
  return field.type === FieldType.number
    ? { ...field, values: field.values.map((each) => (Number.isFinite(each) ? each : null)) }
    : field;
}

/** The frames that have numbers over time, without fields of another kind; what is missing for a step is a gap. */
function graphable(frames: DataFrame[], range: TimeRange): DataFrame[] {
  return frames
    .map((frame) => ({
      ...frame,
      fields: frame.fields
        .filter((each) => each.type === FieldType.time || each.type === FieldType.number)
        .map(finite),
    }))
    .filter(
      (frame) =>
        frame.length > 0 &&
        frame.fields.some((each) => each.type === FieldType.time) &&
        frame.fields.some((each) => each.type === FieldType.number),
    )
    .map((frame) =>
      applyNullInsertThreshold({
        frame,
        refFieldPseudoMin: range.from.valueOf(),
        refFieldPseudoMax: range.to.valueOf(),
      }),
    );
}

export function TimeSeries({
  id,
  options,
  data,
  fieldConfig,
  width,
  height,
  timeRange,
  timeZone,
}: PanelProps<Options>) {
  // Once for each answer: a plot is made anew where its frames are others.
  const frames = useMemo(() => graphable(data.series, timeRange), [data, timeRange]);
  if (frames.length === 0) {
    return <Nothing width={width} height={height} text={fieldConfig.defaults.noValue ?? 'No data'} />;
  }
  return (
    <Plot
      frames={frames}
      structureRev={data.structureRev}
      width={width}
      height={height}
      timeRange={timeRange}
      timeZone={timeZone}
      legend={options.legend}
      options={options}
    >
      {(config) => <Marks config={config} panel={id} />}
    </Plot>
  );
}
