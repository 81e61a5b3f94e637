export { createPrivacy, type Privacy, type Removal } from './privacy.ts';
