import { renderToString } from 'react-dom/server';
import type { ChatSettings } from '../../shared/shop.ts';
import { Support } from './support.tsx';

export const render = (settings: ChatSettings): string => renderToString(<Support {...settings} />);
