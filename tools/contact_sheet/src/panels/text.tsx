/** Text: Grafana's own rendering of Markdown, sanitised. */
import { PanelProps, renderTextPanelMarkdown, textUtil } from '@grafana/data';

interface Options {
  mode: 'markdown' | 'html' | 'code';
  content: string;
}

export const TEXT: Partial<Options> = { mode: 'markdown', content: '' };

export function Text({ options, replaceVariables, height }: PanelProps<Options>) {
  const content = replaceVariables(options.content, {}, options.mode === 'code' ? 'json' : 'html');
  if (options.mode === 'code') {
    return <pre style={{ height }}>{content}</pre>;
  }
  const html =
    options.mode === 'html' ? textUtil.sanitizeTextPanelContent(content) : renderTextPanelMarkdown(content);
  return (
    <div
      className="markdown-html"
      style={{ height, overflow: 'auto' }}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}
