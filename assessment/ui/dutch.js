/* The framework speaks English wherever no page can set its words: here the same is said in Dutch, as soon as
   it is said. What users or the register wrote stands in pieces of our own, and those are left alone. */
(() => {
  // Days, months and figures: the framework follows the language of the browser, and a page is Dutch in each.
  Object.defineProperty(navigator, 'language', { get: () => 'nl-NL' });
  Object.defineProperty(navigator, 'languages', { get: () => ['nl-NL', 'nl'] });

  const WORDS = new Map(Object.entries({
    '(opens in new tab)': '(opent in een nieuw tabblad)',
    'Add files': 'Nog een bestand kiezen',
    'App pages': "Pagina's",
    'Choose an option': 'Kies',
    'Choose date range': 'Kies een periode',
    'Choose date': 'Kies een dag',
    'Choose options': 'Kies',
    'Clear all': 'Maak leeg',
    'Clear date': 'Maak leeg',
    'Clear dates': 'Maak leeg',
    'Clear value': 'Maak leeg',
    'Close': 'Sluit',
    'Connecting to Streamlit server': 'Er wordt verbinding gemaakt',
    'Connecting': 'Verbinden',
    'Connection error': 'Geen verbinding',
    'Connection lost. Please wait for the app to reconnect, then try again.':
      'De verbinding viel weg. Wacht tot zij er weer is, en probeer het dan opnieuw.',
    'Copied': 'Gekopieerd',
    'Copy to clipboard': 'Kopieer',
    'Decrement': 'Eén minder',
    'Drag and drop a file here': 'Sleep een bestand hierheen',
    'Drag and drop files here': 'Sleep bestanden hierheen',
    'Empty': 'Leeg',
    'Increment': 'Eén meer',
    'Link to heading': 'Verwijzing naar deze kop',
    'Main menu': 'Menu',
    'Multiselect options': 'Keuzes',
    'Multiselect': 'Keuze',
    'Next month': 'Volgende maand',
    'No results': 'Niets gevonden',
    'Notifications': 'Meldingen',
    'Number is above the allowed range.': 'Dit getal is te groot.',
    'Number is below the allowed range.': 'Dit getal is te klein.',
    'Open': 'Toon de keuzes',
    'Previous month': 'Vorige maand',
    'Running...': 'Even geduld',
    'Select all': 'Kies alles',
    'Selectbox options': 'Keuzes',
    'Selectbox': 'Keuze',
    'Selected values': 'Gekozen',
    'Skip to main content': 'Naar de inhoud',
    'Try again': 'Probeer opnieuw',
    'Upload': 'Kies een bestand',
    'Use arrow keys to navigate dates. Enter to select. Escape to close.':
      'Ga met de pijltjes langs de dagen. Enter kiest, Escape sluit.',
    'file upload': 'Kies een bestand',
    'view less': 'toon minder',
    'view more': 'toon meer',
    'yyyy': 'jjjj',
  }));
  const FORMS = [
    [/^day, (.+)$/, 'dag, $1'],
    [/^month, (.+)$/, 'maand, $1'],
    [/^year, (.+)$/, 'jaar, $1'],
    [/^Help for (.+)$/, 'Uitleg bij $1'],
    [/^Remove (.+)$/, 'Haal $1 weg'],
    [/^Choose date, (.+)$/, 'Kies een dag, $1'],
    [/^(\d+) options? available\.$/, 'Aantal keuzes: $1.'],
    [/^Press (.+) to (?:apply|submit form)$/, '$1 om te bewaren'],
    [/^(.+) files are not allowed\.$/, 'Een bestand van de soort $1 kan hier niet.'],
    [/^File must be (.+) or smaller\.$/, 'Een bestand mag hoogstens $1 zijn.'],
    [/^Number is (?:above|below|outside) the allowed range\. .*$/, 'Dit getal kan hier niet.'],
    [/^You can only select up to (\d+) .*$/, 'U kunt er hoogstens $1 kiezen. Haal er eerst een weg.'],
  ];
  const NAMES = ['aria-label', 'aria-description', 'aria-roledescription', 'aria-valuetext', 'placeholder', 'title'];
  const OURS = '[data-testid="stHtml"], [data-testid="stText"], '
    + '[data-testid="stMarkdownContainer"]:not([data-testid="stFileUploader"] *)';

  const inDutch = said => {
    const form = WORDS.has(said) ? undefined : FORMS.find(([english]) => english.test(said));
    return form ? said.replace(...form) : WORDS.get(said) ?? said;
  };
  const isOurs = element => !element || element.closest(OURS);

  function rename(element) {
    for (const name of element.closest('[data-testid="stHtml"]') ? [] : NAMES) {
      const said = element.getAttribute(name);
      const heard = said && inDutch(said).replaceAll('**', '');  // the marks of bold are no part of a name
      if (heard !== said) element.setAttribute(name, heard);
    }
  }
  function reword(text) {
    const said = text.data.trim();
    if (said && !isOurs(text.parentElement) && inDutch(said) !== said) text.data = inDutch(said);
  }
  function look(node) {
    if (node.nodeType === Node.TEXT_NODE) reword(node);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    const inside = document.createTreeWalker(node, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let each = node; each; each = inside.nextNode()) {
      each.nodeType === Node.TEXT_NODE ? reword(each) : rename(each);
    }
  }

  new MutationObserver(changes => changes.forEach(({ type, target, addedNodes }) => {
    if (type === 'attributes') rename(target);
    else if (type === 'characterData') reword(target);
    else addedNodes.forEach(look);
  })).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES,
  });
})();
