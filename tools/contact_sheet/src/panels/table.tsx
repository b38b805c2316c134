/** Table: Grafana's TableNG, of the first frame or of the one that is chosen. */
import { cacheFieldDisplayNames, PanelProps } from '@grafana/data';
import { TableCellHeight, TableSortByFieldState } from '@grafana/schema';
import { TableNG } from '@grafana/ui/unstable';

import { Nothing } from './nothing';

interface Options {
  frameIndex: number;
  showHeader: boolean;
  showTypeIcons?: boolean;
  sortBy?: TableSortByFieldState[];
  cellHeight: TableCellHeight;
  enablePagination?: boolean;
  frozenColumns?: { left?: number };
  maxRowHeight?: number;
}

export const TABLE: Partial<Options> = { frameIndex: 0, showHeader: true, cellHeight: TableCellHeight.Sm };

export function Table({ options, data, fieldConfig, width, height, timeRange }: PanelProps<Options>) {
  const frame = data.series[options.frameIndex] ?? data.series[0];
  if (!frame || frame.fields.length === 0 || frame.length === 0) {
    return <Nothing width={width} height={height} text={fieldConfig.defaults.noValue ?? 'No data'} />;
  }
  cacheFieldDisplayNames(data.series);
  return (
    <TableNG
      data={frame}
      width={width}
      height={height}
      noHeader={!options.showHeader}
      showTypeIcons={options.showTypeIcons}
      sortBy={options.sortBy}
      cellHeight={options.cellHeight}
      enablePagination={options.enablePagination}
      frozenColumns={options.frozenColumns?.left}
      maxRowHeight={options.maxRowHeight}
      timeRange={timeRange}
      fieldConfig={fieldConfig}
      noValue={fieldConfig.defaults.noValue}
      structureRev={1}
      resizable
      enableVirtualization={false}
    />
  );
}
