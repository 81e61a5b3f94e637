import './dashboard-app.ts';
import { adoptDashboardStyles } from './styles/index.ts';
import { applyTheme, readTheme } from './theme.ts';

applyTheme(readTheme());
adoptDashboardStyles();
