import { connectDemoUserButtons } from './fill-credentials.js';

connectDemoUserButtons(document, document.getElementById('login'));
