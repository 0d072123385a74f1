import type { FaultRecord } from '#lib/base/errors.ts';
import type { Text } from '#lib/base/lang.ts';
import { titleOf } from './fields.ts';

/**
 * Why a network that was recognised cannot be run as it is: the tensor, if one is to blame, or the field of its configuration
 * as the form calls it, and the rule.
 */
export function whyNot({ details, message }: Pick<FaultRecord, 'details' | 'message'>, family: string): Text {
  const { tensor, field, rule = message, ruleZh = rule } = details;
  const [en, zh] =
    tensor !== undefined
      ? [`tensor ${tensor}: `, `张量 ${tensor}：`]
      : typeof field === 'string'
        ? [`“${titleOf(field, family).en}”: `, `“${titleOf(field, family).zh}”一项：`]
        : ['', ''];
  return { en: `It cannot be run as it is: ${en}${rule}.`, zh: `目前还不能运行：${zh}${ruleZh}。` };
}
