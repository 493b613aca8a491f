/* A chosen product in the forms of the CMS, with its picture: Wagtail's own chooser has words only. */
{
  const Factory = window.telepath.constructors["wagtail.admin.widgets.Chooser"];

  class ProductChooser extends window.Chooser {
    initHTMLElements(id) {
      super.initHTMLElements(id);
      this.picture = this.chooserElement.querySelector("[data-chooser-picture]");
    }

    getStateFromHTML() {
      const state = super.getStateFromHTML();
      return state && { ...state, picture: this.picture.getAttribute("src") };
    }

    renderState(state) {
      super.renderState(state);
      this.picture.hidden = !state.picture;
      if (state.picture) this.picture.src = state.picture;
      else this.picture.removeAttribute("src");
    }
  }

  class ProductChooserFactory extends Factory {
    widgetClass = ProductChooser;
  }

  window.ProductChooser = ProductChooser;
  window.telepath.register("storefront.cms.ProductChooser", ProductChooserFactory);
}
