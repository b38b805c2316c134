/** Alert list, which is part of Grafana's application: what fires in Prometheus, as rows of our own with Grafana's badges. */
import { dateTimeFormat, PanelProps } from '@grafana/data';
import { Badge, useTheme2 } from '@grafana/ui';
import { useEffect, useState } from 'react';

import { get } from '../prometheus';
import { Nothing } from './nothing';

interface Options {
  maxItems: number;
  alertName?: string;
  alertInstanceLabelFilter?: string;
  stateFilter: { firing?: boolean; pending?: boolean };
}
interface Alert {
  labels: Record<string, string>;
  annotations: Record<string, string>;
  state: 'firing' | 'pending';
  activeAt: string;
}

export const ALERTS: Partial<Options> = { maxItems: 20, stateFilter: { firing: true, pending: true } };

/** Matchers like `{severity="page"}`, one of =, !=, =~ and !~ each; what is none is left out. */
function matches(labels: Record<string, string>, filter: string): boolean {
  const matchers = [...filter.matchAll(/(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"/g)];
  return matchers.every(([, label, sign, value]) => {
    const found = labels[label] ?? '';
    const so = sign.endsWith('~') ? new RegExp(`^(?:${value})$`).test(found) : found === value;
    return sign.startsWith('!') ? !so : so;
  });
}

export function AlertList({ options, replaceVariables, width, height, timeZone }: PanelProps<Options>) {
  const theme = useTheme2();
  const [alerts, setAlerts] = useState<Alert[]>();
  useEffect(() => {
    get<{ alerts: Alert[] }>('alerts', {}).then(
      (found) => setAlerts(found.alerts),
      (error: Error) => console.error(error.message),
    );
  }, []);
  const filter = replaceVariables(options.alertInstanceLabelFilter ?? '');
  const name = replaceVariables(options.alertName ?? '');
  const shown = alerts?.filter(
    (each) =>
      options.stateFilter[each.state] && each.labels.alertname.includes(name) && matches(each.labels, filter),
  );
  if (!shown?.length) {
    return <Nothing width={width} height={height} text={shown ? 'No alerts matching filters' : 'Loading'} />;
  }
  return (
    <div style={{ height, overflow: 'hidden' }}>
      {shown.slice(0, options.maxItems).map((each, index) => (
        <div
          key={index}
          style={{ padding: theme.spacing(0.75, 1), borderBottom: `1px solid ${theme.colors.border.weak}` }}
        >
          <Badge text={each.state} color={each.state === 'firing' ? 'red' : 'orange'} />{' '}
          <strong>{each.labels.alertname}</strong>{' '}
          <span style={{ color: theme.colors.text.secondary }}>
            {dateTimeFormat(each.activeAt, { timeZone, format: 'HH:mm' })}
          </span>
          <div>{each.annotations.summary ?? ''}</div>
        </div>
      ))}
    </div>
  );
}
