/** The two versions of isolation: an undo names the one to go back to, and a move says by them which way it goes. */
export const OPEN = "open";
export const ISOLATED = "isolated";
