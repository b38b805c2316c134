/** Which component draws which type of panel. */
import { PanelPlugin } from '@grafana/data';
import { sceneUtils } from '@grafana/scenes';

import { AlertList, ALERTS } from './alertlist';
import { BARS, Bars } from './bargauge';
import { Gauge, GAUGE } from './gauge';
import { Geomap, MAP } from './geomap';
import { HISTORY, StatusHistory, StateTimeline, TIMELINE } from './timeline';
import { plugin } from './options';
import { Stat, STAT } from './stat';
import { Table, TABLE } from './table';
import { Text, TEXT } from './text';
import { SERIES, TimeSeries } from './timeseries';

/** What npm has no renderer for: drawn by ours, and the panel says so. */
export const STAND_INS = new Set(['alertlist', 'gauge', 'geomap', 'state-timeline', 'status-history']);

/** These ask for their data themselves, or for none. */
const WITHOUT_QUERIES = new Set(['alertlist', 'text']);

/** These use all of the room inside of a panel's border. */
const WITHOUT_PADDING = new Set(['geomap', 'stat']);

const PLUGINS = {
  alertlist: () => plugin('alertlist', AlertList, ALERTS),
  bargauge: () => plugin('bargauge', Bars, BARS),
  gauge: () => plugin('gauge', Gauge, GAUGE),
  geomap: () => plugin('geomap', Geomap, MAP),
  stat: () => plugin('stat', Stat, STAT),
  'state-timeline': () => plugin('state-timeline', StateTimeline, TIMELINE),
  'status-history': () => plugin('status-history', StatusHistory, HISTORY),
  table: () => plugin('table', Table, TABLE),
  text: () => plugin('text', Text, TEXT),
  timeseries: () => plugin('timeseries', TimeSeries, SERIES),
};

/** Let scenes find them all; a panel of another type says that its plugin was not found. */
export function registerPanels(): void {
  for (const [type, make] of Object.entries(PLUGINS)) {
    const made = make() as unknown as PanelPlugin;
    if (WITHOUT_PADDING.has(type)) {
      made.setNoPadding();
    }
    made.meta = { ...made.meta, skipDataQuery: WITHOUT_QUERIES.has(type) };
    sceneUtils.registerRuntimePanelPlugin({ pluginId: type, plugin: made });
  }
}
