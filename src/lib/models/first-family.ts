import { know } from './known.ts';
import { FAMILY } from './vit/family.ts';

// To import this file is to know the family of the first model and of the sizes it is compared with (first-model.ts).
know(FAMILY);
