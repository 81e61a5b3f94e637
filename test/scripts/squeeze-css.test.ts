import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { squeezeCss } from '../../scripts/squeeze-css.ts';

describe('squeezeCss', () => {
  for (const [what, css, expected] of [
    ['rules', ':host {\n  color: red;\n  margin: 0 auto;\n}\n', ':host{color:red;margin:0 auto}'],
    ['a fragment without a rule around it', '\n  --a: 1px;\n  --b: 2px;\n', '--a:1px;--b:2px;'],
    ['comments, also with an apostrophe', "a { /* don't */ color: red; }", 'a{color:red}'],
    ['strings as they are', `a::after { content: 'x:  y; }' ; }`, `a::after{content:'x:  y; }'}`],
    ['space around what is inserted', 'a { margin: ${one} ${two}; ${rest} }', 'a{margin:${one} ${two};${rest}}'],
    ['selectors that differ by a space', 'a :hover, a:hover { top: 0 }', 'a :hover,a:hover{top:0}'],
    ['sums, which need their spaces', 'a { width: calc(100% - (1px + 2px)); }', 'a{width:calc(100% - (1px + 2px))}'],
    ['queries', '@media (width < 30em) and (color) {\n a { top: 0 }\n}', '@media (width < 30em) and (color){a{top:0}}'],
  ] as const) {
    it(`keeps the meaning of ${what}`, () => assert.equal(squeezeCss(css), expected));
  }
});
