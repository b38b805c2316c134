/** State timeline and status history, which npm has no renderer for: boxes on Grafana's own plot and axes. */
import { colorManipulator, GrafanaTheme2, PanelProps, TimeRange } from '@grafana/data';
import {
  AxisPlacement,
  LegendDisplayMode,
  ScaleDirection,
  ScaleOrientation,
  VizLegendOptions,
} from '@grafana/schema';
import { css } from '@emotion/css';
import { Pagination, UPlotChart, UPlotConfigBuilder, useTheme2, VizLayout, VizLegend } from '@grafana/ui';
import { useMemo } from 'react';
import type uPlot from 'uplot';

import { Marks } from './marks';
import { Nothing } from './nothing';
import { Kind, legendOf, Row, rowsOf } from './spans';

interface Options {
  showValue: 'auto' | 'always' | 'never';
  mergeValues?: boolean;
  rowHeight: number;
  colWidth?: number;
  perPage?: number;
  legend: VizLegendOptions;
}

const LEGEND = {
  showLegend: true,
  displayMode: 'list',
  placement: 'bottom',
  calcs: [],
} as unknown as VizLegendOptions;
export const TIMELINE: Partial<Options> = {
  showValue: 'auto',
  mergeValues: true,
  rowHeight: 0.9,
  legend: LEGEND,
};
export const HISTORY: Partial<Options> = { showValue: 'auto', rowHeight: 0.9, colWidth: 0.9, legend: LEGEND };

/** CSS pixels of the line that tells further pages. */
const PAGER = 40;
const CENTERED = css({ display: 'flex', justifyContent: 'center', paddingTop: 4 });

export const StateTimeline = (props: PanelProps<Options>) => (
  <Timeline {...props} kind={props.options.mergeValues === false ? 'states' : 'merged'} />
);
export const StatusHistory = (props: PanelProps<Options>) => <Timeline {...props} kind="samples" />;

function Timeline({
  id,
  options,
  data,
  width,
  height,
  timeRange,
  timeZone,
  kind,
  fieldConfig,
}: PanelProps<Options> & { kind: Kind }) {
  const theme = useTheme2();
  const all = useMemo(() => rowsOf(data.series, timeRange.to.valueOf(), kind), [data, timeRange, kind]);
  const perPage = options.perPage || all.length;
  const rows = useMemo(() => all.slice(0, perPage), [all, perPage]);
  const pages = Math.ceil(all.length / perPage);
  const plot = useMemo(
    () => plotOf(rows, options, theme, timeRange, timeZone),
    [rows, options, theme, timeRange, timeZone],
  );
  if (rows.every((row) => row.spans.length === 0)) {
    return <Nothing width={width} height={height} text={fieldConfig.defaults.noValue ?? 'No data'} />;
  }
  const items = legendOf(rows).map(({ text, color }) => ({ label: text, color, yAxis: 1 }));
  const legend = options.legend.showLegend ? (
    <VizLayout.Legend placement={options.legend.placement}>
      <VizLegend
        items={items}
        placement={options.legend.placement}
        displayMode={LegendDisplayMode.List}
        readonly
      />
    </VizLayout.Legend>
  ) : null;
  const ends = [timeRange.from.valueOf(), timeRange.to.valueOf()];
  return (
    <>
      <VizLayout width={width} height={height - (pages > 1 ? PAGER : 0)} legend={legend}>
        {(inner: number, tall: number) => (
          <UPlotChart config={plot} data={[ends, [0, 0]]} width={inner} height={tall}>
            <Marks config={plot} panel={id} />
          </UPlotChart>
        )}
      </VizLayout>
      {pages > 1 && (
        <div className={CENTERED}>
          <Pagination
            numberOfPages={pages}
            currentPage={1}
            onNavigate={() => undefined}
            showSmallVersion={width < 350}
          />
        </div>
      )}
    </>
  );
}

/** The range of the axis: samples stand half a step over its ends. */
function rangeOf(rows: Row[], range: TimeRange, options: Options): [number, number] {
  const [first] = rows.flatMap((row) => row.spans);
  const over = options.colWidth && first ? (first.to - first.from) / 2 : 0;
  return [range.from.valueOf() - over, range.to.valueOf() + over];
}

function plotOf(
  rows: Row[],
  options: Options,
  theme: GrafanaTheme2,
  range: TimeRange,
  timeZone: string,
): UPlotConfigBuilder {
  const plot = new UPlotConfigBuilder(timeZone);
  const { Horizontal, Vertical } = ScaleOrientation;
  plot.addScale({
    scaleKey: 'x',
    isTime: true,
    orientation: Horizontal,
    direction: ScaleDirection.Right,
    range: () => rangeOf(rows, range, options),
  });
  plot.addScale({
    scaleKey: 'y',
    orientation: Vertical,
    direction: ScaleDirection.Down,
    range: () => [0, rows.length],
  });
  plot.addAxis({
    scaleKey: 'x',
    isTime: true,
    placement: AxisPlacement.Bottom,
    timeZone,
    theme,
    grid: { show: false },
  });
  plot.addAxis({
    scaleKey: 'y',
    placement: AxisPlacement.Left,
    theme,
    grid: { show: false },
    ticks: { show: false },
    splits: () => rows.map((_, index) => index + 0.5),
    values: () => rows.map((row) => row.name),
  });
  plot.addSeries({ scaleKey: 'y', pathBuilder: () => null, theme, show: true } as never);
  plot.addHook('draw', (u) => draw(u, rows, options, theme));
  return plot;
}

function draw(u: uPlot, rows: Row[], options: Options, theme: GrafanaTheme2): void {
  const { ctx, bbox } = u;
  const ratio = window.devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${12 * ratio}px ${theme.typography.fontFamily}`;
  ctx.textBaseline = 'middle';
  rows.forEach((row, index) => {
    const tall = (bbox.height / rows.length) * options.rowHeight;
    const middle = bbox.top + (bbox.height / rows.length) * (index + 0.5);
    for (const span of row.spans) {
      const whole = u.valToPos(span.to, 'x', true) - u.valToPos(span.from, 'x', true);
      const wide = whole * (options.colWidth ?? 1);
      const left = u.valToPos(span.from, 'x', true) + (whole - wide) / 2;
      ctx.fillStyle = colorManipulator.alpha(span.color, row.opacity);
      ctx.fillRect(left, middle - tall / 2, wide, tall);
      const fits = ctx.measureText(span.text).width + 8 * ratio < wide && tall > 14 * ratio;
      if (options.showValue === 'always' || (options.showValue === 'auto' && fits)) {
        ctx.fillStyle = theme.colors.getContrastText(span.color, 3);
        ctx.textAlign = options.colWidth ? 'center' : 'left';
        const start = Math.max(left, bbox.left) + 4 * ratio; // of a span that began before the range
        ctx.fillText(span.text, options.colWidth ? left + wide / 2 : start, middle);
      }
    }
  });
  ctx.restore();
}
