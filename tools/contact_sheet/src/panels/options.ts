/** The field options that panels have besides the standard ones, and their values where a board says nothing. */
import {
  FieldConfigEditorBuilder,
  FieldConfigProperty,
  identityOverrideProcessor,
  PanelPlugin,
  PanelProps,
} from '@grafana/data';
import { ComponentType } from 'react';

import { noEditor } from '../environment';

const HIDE = { legend: false, tooltip: false, viz: false };

const AXIS = {
  axisPlacement: 'auto',
  axisLabel: '',
  axisColorMode: 'text',
  axisWidth: undefined,
  axisSoftMin: undefined,
  axisSoftMax: undefined,
  axisCenteredZero: false,
  axisGridShow: undefined,
  axisBorderShow: false,
  scaleDistribution: { type: 'linear' },
};

export const CUSTOM: Record<string, Record<string, unknown>> = {
  timeseries: {
    ...AXIS,
    drawStyle: 'line',
    lineInterpolation: 'linear',
    barAlignment: 0,
    barWidthFactor: 0.6,
    lineWidth: 1,
    fillOpacity: 0,
    gradientMode: 'none',
    lineStyle: { fill: 'solid' },
    spanNulls: false,
    insertNulls: false,
    showPoints: 'auto',
    showValues: false,
    pointSize: 5,
    stacking: { mode: 'none', group: 'A' },
    hideFrom: HIDE,
    thresholdsStyle: { mode: 'off' },
    fillBelowTo: undefined,
    transform: undefined,
    pointColor: undefined,
    lineColor: undefined,
    fillColor: undefined,
  },
  table: {
    align: 'auto',
    cellOptions: { type: 'auto' },
    width: undefined,
    minWidth: undefined,
    filterable: undefined,
    hidden: false,
    hideFrom: HIDE,
    inspect: false,
    footer: { reducers: [] },
    wrapText: undefined,
    wrapHeaderText: undefined,
    tooltip: undefined,
    styleField: undefined,
    hideHeader: undefined,
  },
  'state-timeline': {
    lineWidth: 0,
    fillOpacity: 70,
    spanNulls: false,
    insertNulls: false,
    hideFrom: HIDE,
    ...AXIS,
  },
  'status-history': { lineWidth: 1, fillOpacity: 70, hideFrom: HIDE, ...AXIS },
  geomap: { hideFrom: HIDE },
  stat: {},
  gauge: {},
  bargauge: {},
};

/** A panel's plugin, from what draws it and from what a board may leave out. */
export function plugin<T extends object>(
  type: string,
  draws: ComponentType<PanelProps<T>>,
  defaults: Partial<T>,
): PanelPlugin<T> {
  const made = new PanelPlugin<T>(draws).useFieldConfig({
    standardOptions:
      type === 'timeseries'
        ? { [FieldConfigProperty.Color]: { defaultValue: { mode: 'palette-classic' } } }
        : {},
    useCustomConfig: (builder: FieldConfigEditorBuilder<Record<string, unknown>>) => {
      for (const [path, defaultValue] of Object.entries(CUSTOM[type] ?? {})) {
        builder.addCustomEditor({
          id: path,
          path,
          name: path,
          defaultValue,
          editor: noEditor,
          override: noEditor,
          process: identityOverrideProcessor,
          shouldApply: () => true,
        });
      }
    },
  });
  made.setPanelOptions((builder) => {
    for (const [path, defaultValue] of Object.entries(defaults)) {
      builder.addCustomEditor({ id: path, path, name: path, defaultValue, editor: noEditor } as never);
    }
  });
  return made;
}
