import { composer } from './composer.ts';
import { dark } from './dark.ts';
import { frame } from './frame.ts';
import { light } from './light.ts';

export const styles = [light, dark, frame, composer];
