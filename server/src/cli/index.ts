export { isToolName, runTool, toolUsage } from './run-tool.ts';
export { UsageError, type Surroundings } from './tool.ts';
