/** Bar gauge: Grafana's BarGauge, once for each value. */
import {
  DisplayProcessor,
  FieldDisplay,
  getDisplayValueAlignmentFactors,
  getFieldDisplayValues,
  PanelProps,
  ReduceDataOptions,
  VizOrientation,
} from '@grafana/data';
import {
  BarGaugeDisplayMode,
  BarGaugeNamePlacement,
  BarGaugeSizing,
  BarGaugeValueMode,
  VizTextDisplayOptions,
} from '@grafana/schema';
import { BarGauge, useTheme2, VizRepeater } from '@grafana/ui';

interface Options {
  reduceOptions: ReduceDataOptions;
  orientation: VizOrientation;
  displayMode: BarGaugeDisplayMode;
  valueMode: BarGaugeValueMode;
  namePlacement: BarGaugeNamePlacement;
  showUnfilled: boolean;
  sizing: BarGaugeSizing;
  minVizWidth: number;
  minVizHeight: number;
  maxVizHeight: number;
  text?: VizTextDisplayOptions;
}

export const BARS: Partial<Options> = {
  reduceOptions: { values: false, calcs: ['lastNotNull'] },
  orientation: VizOrientation.Auto,
  displayMode: BarGaugeDisplayMode.Gradient,
  valueMode: BarGaugeValueMode.Color,
  namePlacement: BarGaugeNamePlacement.Auto,
  showUnfilled: true,
  sizing: BarGaugeSizing.Auto,
  minVizWidth: 8,
  minVizHeight: 16,
  maxVizHeight: 300,
};

/** A value that stands alone needs no name: the panel's title is one. */
function shown(value: FieldDisplay, count: number) {
  return count === 1 && !value.field.displayName ? { ...value.display, title: undefined } : value.display;
}

export function Bars({
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
  const manual = options.sizing === BarGaugeSizing.Manual;
  return (
    <VizRepeater<FieldDisplay, ReturnType<typeof getDisplayValueAlignmentFactors>>
      getValues={values}
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      source={data}
      itemSpacing={options.displayMode === BarGaugeDisplayMode.Lcd ? 2 : 10}
      orientation={options.orientation}
      minVizWidth={manual ? options.minVizWidth : BARS.minVizWidth}
      minVizHeight={manual ? options.minVizHeight : BARS.minVizHeight}
      maxVizHeight={manual ? options.maxVizHeight : BARS.maxVizHeight}
      width={width}
      height={height}
      renderCounter={renderCounter}
      renderValue={({ value, count, alignmentFactors, orientation, ...size }) => {
        const display: DisplayProcessor | undefined =
          value.view && value.colIndex !== undefined
            ? value.view.getFieldDisplayProcessor(value.colIndex)
            : undefined;
        return (
          <BarGauge
            value={shown(value, count)}
            field={value.field}
            display={display}
            theme={theme}
            width={size.width}
            height={size.height}
            orientation={orientation}
            text={options.text}
            itemSpacing={2}
            lcdCellWidth={8}
            displayMode={options.displayMode}
            showUnfilled={options.showUnfilled}
            alignmentFactors={alignmentFactors}
            valueDisplayMode={options.valueMode}
            namePlacement={options.namePlacement}
          />
        );
      }}
    />
  );
}
