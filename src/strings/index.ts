export { en, type Strings } from './en.ts';
export { first, type FirstStrings } from './first.ts';
export { languageOf, languages } from './languages.ts';
export { launcher } from './launcher.ts';
export { loadStrings } from './load-strings.ts';
