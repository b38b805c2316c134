/** How a variable's value goes into a query of Prometheus: several become an alternative, and each is escaped for a regex. */

const special = (value: string) => value.replace(/\\/g, '\\\\\\\\').replace(/[$^*{}[\]'+?.()|]/g, '\\\\$&');
const single = (value: string) => value.replace(/\\/g, '\\\\').replace(/"/g, '\\"');

interface Variable {
  multi?: boolean;
  includeAll?: boolean;
}

export function forQuery(value: unknown, variable: Variable = {}): string {
  if (Array.isArray(value)) {
    const parts = value.map((each) => special(String(each)));
    return parts.length === 1 ? parts[0] : `(${parts.join('|')})`;
  }
  return variable.multi || variable.includeAll ? special(String(value)) : single(String(value));
}
