import { wordsOf } from './words.ts';

export type SmallTalk = 'greeting' | 'thanks' | 'goodbye' | 'who-are-you' | 'who-am-i' | 'abilities';

const maxWords = 12;

const greeting =
  /^(hi+|hello|hey+|hiya|howdy|greetings|good (morning|afternoon|evening|day)|moin)( (there|all|you|everyone|again))?$/;
const thanks =
  /^(ok |okay |great |perfect |super )?(thanks?|thank you|thx|ty|cheers|many thanks|much appreciated)( (so|very) much| a lot| a million| you)?( (for (your|the) help|that helped))?$/;
const goodbye =
  /^(ok |okay )?(bye|bye bye|goodbye|good bye|see you|see ya|good night|have a (nice|good) (day|evening|weekend))$/;
const whoAreYou =
  /^(so )?(who|what) (are|r) (you|u)( exactly)?$|^what ?s? (is )?your name$|^are you (a |an )?(real |really )?(a |an )?(human|robot|bot|machine|ai|chatbot|computer|person|real|automated|alive)( or (a |an )?\w+( \w+)?)?$|^(am i|is this|i am|im) (talking|speaking|chatting)?( to| with)? ?(a |an )?(real )?(human|person|bot|robot|machine|ai)$|^how old are you$|^is this (a |an )?(bot|robot|real person|human|ai)$/;
const whoAmI =
  /^(do you know )?who (am i|i am)$|^what ?s? (is )?my name$|^am i (signed|logged) in$|^who is (signed|logged) in$/;
const abilities =
  /^(what|how) can (you|u) (do|help|help me|do for me|help me with|help with)$|^what do you (do|know)$|^help( me)?( please)?$|^(can|could) you help( me)?( please)?$|^i need help$|^what can i ask( you)?$|^how does this work$/;

/** Recognises what people say to a chat that is no question to a help centre. The whole message has to be it. */
export function smallTalkOf(text: string): SmallTalk | undefined {
  if (text.length > 200) return undefined;
  const words = wordsOf(text);
  if (words.length === 0 || words.length > maxWords) return undefined;
  const said = words.join(' ');
  const rest = said.replace(/^(hi|hello|hey) (there )?/, '');
  if (whoAreYou.test(rest)) return 'who-are-you';
  if (whoAmI.test(rest)) return 'who-am-i';
  if (abilities.test(rest)) return 'abilities';
  if (greeting.test(said)) return 'greeting';
  if (thanks.test(said)) return 'thanks';
  return goodbye.test(said) ? 'goodbye' : undefined;
}
