import { composer } from './composer.ts';
import { frame } from './frame.ts';
import { tokens } from './tokens.ts';

export const styles = [tokens, frame, composer];
