/** What a panel says that has nothing to draw, in Grafana's words, so that a test of the page finds them. */
export function Nothing({
  width,
  height,
  text = 'No data',
}: {
  width: number;
  height: number;
  text?: string;
}) {
  return (
    <div style={{ width, height, display: 'flex', alignItems: 'center', justifyContent: 'center' }}>
      <span data-nothing="">{text}</span>
    </div>
  );
}
