// Buttons beside the plants ask the chat a question. The stub in the page queues the calls until the chat is there.
document.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-question]');
  if (button === null) return;
  window.chat('open');
  window.chat('send', button.dataset.question);
});
