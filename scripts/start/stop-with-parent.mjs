// Loaded into the chat server by `npm start`: when the starting process is gone, even by SIGKILL, its channel closes,
// and the server is asked to stop as by a signal.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
// Listening for it must not keep a server alive that has nothing else to do.
process.channel?.unref();
