import type { FaultRecord } from '#lib/base/errors.ts';
import type { Text } from '#lib/base/lang.ts';

/** Why a network that was recognised cannot be run as it is: the tensor, if one is to blame, and the rule. */
export function whyNot({ details, message }: Pick<FaultRecord, 'details' | 'message'>): Text {
  const { tensor, rule = message, ruleZh = rule } = details;
  const [en, zh] = tensor === undefined ? ['', ''] : [`tensor ${tensor}: `, `张量 ${tensor}：`];
  return { en: `It cannot be run as it is: ${en}${rule}.`, zh: `目前还不能运行：${zh}${ruleZh}。` };
}
