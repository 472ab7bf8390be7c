/** A page that the server painted is seen before its scripts have come: its styles are linked in the head of every page. */
import.meta.glob('./features/{cinemas,films}/*.module.css', { eager: true })
