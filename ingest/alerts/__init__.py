"""What deserves a look: asleep for 28 days, a question open for 10, coverage broken.

    store ──facts──▶ rules ──what is new──▶ table alert ──▶ Atom feed, webhook

Everything rests on proven days only. Where METHOD leaves room an alert stays away: it may
come late, but must not accuse. Of citizens there is nothing in it: at most the address of
the person's own item under which a question stands.
"""
