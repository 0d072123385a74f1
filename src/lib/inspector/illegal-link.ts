import type { ConfigError } from '#lib/base/config-error.ts';
import type { LinkProblem } from '#lib/state/permalink.ts';
import { configErrorText } from '#lib/base/config-errors.ts';

/** What a reader is told whose link asks for a configuration of a model that cannot be built. */
export function cannotBe(model: string, error: ConfigError): LinkProblem {
  const why = configErrorText(error);
  return {
    kind: 'lesson',
    text: {
      en: `The link asks for a configuration that cannot be built. ${why.en} The graph of ${model} is shown as it is; the values can be changed under “Configuration”.`,
      zh: `链接要求的配置无法搭建。${why.zh}这里显示的是 ${model} 原来的计算图，各项取值可以在“配置”里修改。`,
    },
  };
}
