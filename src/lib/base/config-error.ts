/** A configuration no model can have. The message names the field and the rule. */
export class ConfigError extends Error {
  /** The field that breaks the rule. */
  readonly field: string;
  /** The rule, as a sentence. */
  readonly rule: string;
  constructor(field: string, rule: string) {
    super(`${field}: ${rule}`);
    this.name = 'ConfigError';
    this.field = field;
    this.rule = rule;
  }
}
