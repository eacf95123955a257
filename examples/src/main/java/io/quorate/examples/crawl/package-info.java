/**
 * A crawler in the manner of RENDLER: a scheduler, an executor in Java that reads links, one in
 * Python ({@code python/render.py}) that draws thumbnails, and the site that they crawl.
 *
 * <p>Nobody calls this package but its tests; it must never need more than the client.
 */
package io.quorate.examples.crawl;
