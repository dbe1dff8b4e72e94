// Shows the cases whose id, title or requirements hold all words.
const filter = document.getElementById('filter');
filter.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  for (const one of document.querySelectorAll('details.case')) {
    const text = one.dataset.text.toLowerCase();
    one.hidden = !words.every(word => text.includes(word));
  }
});
