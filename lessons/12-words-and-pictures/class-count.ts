/** How many classes the site’s photo classifier knows: the labels themselves come with the view that names them. */
export const CLASS_COUNT = 94;
