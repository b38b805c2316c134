/** Annotations on a plot, which Grafana's application draws: a tint from start to end, and a dashed line at each. */
import { colorManipulator } from '@grafana/data';
import { UPlotConfigBuilder, useTheme2 } from '@grafana/ui';
import { useContext, useLayoutEffect } from 'react';
import type uPlot from 'uplot';

import { Stretch, Stretches } from '../annotations';

export function Marks({ config, panel }: { config: UPlotConfigBuilder; panel: number }) {
  const theme = useTheme2();
  const stretches = useContext(Stretches);
  useLayoutEffect(() => {
    const colored = stretches
      .filter((each) => each.on(panel))
      .map((each) => ({ ...each, color: theme.visualization.getColorByName(each.color) }));
    config.addHook('draw', (u) => draw(u, colored));
  }, [config, panel, stretches, theme]);
  return null;
}

/** Laid over the plot and not on its canvas, so that a plot without a line still counts as blank. */
function draw(u: uPlot, all: Stretch[]): void {
  u.over.querySelectorAll('[data-stretch]').forEach((each) => each.remove());
  for (const { from, to, color } of all) {
    const [left, right] = [from, to].map((at) =>
      Math.min(Math.max(u.valToPos(at, 'x'), 0), u.over.clientWidth),
    );
    const mark = document.createElement('div');
    mark.dataset.stretch = '';
    Object.assign(mark.style, {
      position: 'absolute',
      top: '0',
      bottom: '0',
      left: `${left}px`,
      width: `${right - left}px`,
      pointerEvents: 'none',
      background: colorManipulator.alpha(color, 0.1),
      borderLeft: `1px dashed ${color}`,
      borderRight: from === to ? '' : `1px dashed ${color}`,
    });
    u.over.appendChild(mark);
  }
}
